using System.Security.Cryptography;
using FaceCloud.Inference.Models;

namespace FaceCloud.Testing;

/// <summary>
/// A folder with a detector, an encoder and their models.json, written here without foreign weights, so that the whole
/// system runs on the photos of <see cref="TestPhotos"/>. Set Models:Directory to <see cref="Directory"/>.
/// The files are the same bytes every time, and so is the embedding contract.
/// </summary>
public sealed class TestModels : IDisposable
{
    public const string DetectorName = "test-detector";
    public const string EncoderName = "test-encoder";
    public const int Dimension = 64;

    /// <summary>Photos of one seed are closer than this, photos of two seeds farther apart (see its test).</summary>
    public const float Threshold = 0.7f;

    private static readonly Lazy<TestModels> SharedModels = new(() =>
    {
        var models = new TestModels();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => models.Dispose();
        return models;
    });

    public TestModels()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("facecloud-test-models-").FullName;
        var detector = Write("test_detector.onnx", TestDetector.ToBytes());
        var encoder = Write("test_encoder.onnx", TestEncoder.ToBytes());
        Manifest = new ModelManifest
        {
            Detector = DetectorName,
            Encoder = EncoderName,
            Models =
            [
                new ModelEntry
                {
                    Name = DetectorName,
                    Kind = ModelKind.Detector,
                    File = "test_detector.onnx",
                    Sha256 = detector,
                    InputWidth = 640,
                    InputHeight = 640,
                    ChannelOrder = ChannelOrder.Bgr,
                    Mean = [0, 0, 0],
                    Std = [1, 1, 1],
                    Licence = "As FaceCloud.",
                    Origin = "Written by FaceCloud.Testing; finds drawn faces only.",
                },
                new ModelEntry
                {
                    Name = EncoderName,
                    Kind = ModelKind.Encoder,
                    File = "test_encoder.onnx",
                    Sha256 = encoder,
                    InputWidth = 112,
                    InputHeight = 112,
                    ChannelOrder = ChannelOrder.Rgb,
                    Mean = TestEncoder.Mean,
                    Std = TestEncoder.Std,
                    OutputName = "embedding",
                    Dimension = Dimension,
                    Licence = "As FaceCloud.",
                    Origin = "Written by FaceCloud.Testing; tells drawn faces apart.",
                    // Random directions in 64 dimensions: cosines of deviation 1/8, so these are its normal quantiles.
                    Calibration = new Calibration(
                        "Drawn faces of random seeds, by the normal distribution of their cosines.",
                        [
                            new(1e-2, 0.291f), new(1e-3, 0.386f), new(1e-4, 0.465f), new(1e-5, 0.533f), new(1e-6, 0.594f),
                        ]),
                },
            ],
        };
        File.WriteAllText(ManifestPath, Manifest.ToJson());
    }

    /// <summary>One for the whole test process, deleted at its end.</summary>
    public static TestModels Shared => SharedModels.Value;

    public string Directory { get; }

    public string ManifestPath => Path.Combine(Directory, "models.json");

    public ModelManifest Manifest { get; }

    public ModelCatalog Catalog => new(new ModelsOptions { Directory = Directory });

    public void Dispose()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private string Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(Directory, file), bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
