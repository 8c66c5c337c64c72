using System.Globalization;
using System.Security.Cryptography;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Trainer.Failures;
using FaceCloud.Vision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Trainer.Detection;

/// <summary>An ONNX detector inside the product's own face pipeline: what is measured is what users get.</summary>
public sealed class ProductDetector : IDisposable
{
    private const string Name = "detector";

    private readonly string _folder;
    private readonly IHost _host;
    private readonly FaceAnalyzer _analyzer;

    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="label">For messages.</param>
    /// <param name="threshold">Lowest score of a face; null for the product's.</param>
    public ProductDetector(byte[] model, string label, float? threshold = null)
    {
        CheckOutputs(model, label);
        _folder = Directory.CreateTempSubdirectory("facecloud-detector-").FullName;
        File.WriteAllBytes(Path.Combine(_folder, "detector.onnx"), model);
        File.WriteAllText(Path.Combine(_folder, "models.json"), Manifest(model).ToJson());
        var settings = new Dictionary<string, string?>
        {
            [$"{ModelsOptions.SectionName}:{nameof(ModelsOptions.Directory)}"] = _folder,
            [$"{InferenceOptions.SectionName}:{nameof(InferenceOptions.Sessions)}"] = "1",
            [$"{VisionOptions.SectionName}:{nameof(VisionOptions.Concurrency)}"] = "1",
        };
        if (threshold is { } given)
        {
            settings[$"{VisionOptions.SectionName}:{nameof(VisionOptions.DetectorThreshold)}"] = given.ToString(CultureInfo.InvariantCulture);
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddVision();
        _host = builder.Build();
        try
        {
            _analyzer = _host.Services.GetRequiredService<FaceAnalyzer>();
        }
        catch (ModelException e)
        {
            Dispose();
            throw new TrainerException($"{label} cannot be used as a detector: {e.Message}", e);
        }
    }

    /// <summary>All faces of a photo; null where it cannot be read.</summary>
    public async Task<PhotoAnalysis?> FindAsync(byte[] photo, CancellationToken cancellationToken)
    {
        try
        {
            return await _analyzer.AnalyzeAsync(photo, QualityGate.None, int.MaxValue, cancellationToken).ConfigureAwait(false);
        }
        catch (FailureException)
        {
            // The counts of damaged photos are the caller's to report.
            return null;
        }
    }

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A model of another shape would only show as an error at the first photo.</summary>
    private static void CheckOutputs(byte[] model, string label)
    {
        try
        {
            using var session = new InferenceSession(model);
            var missing = DetectorArchitecture.Strides
                .SelectMany(stride => DetectorExport.Parts.Select(part => $"{part.Name}_{stride}"))
                .Where(name => !session.OutputMetadata.ContainsKey(name))
                .ToList();
            if (missing.Count > 0 || !session.InputMetadata.ContainsKey(DetectorExport.InputName))
            {
                throw new TrainerException(
                    $"{label} is no YuNet-shaped detector: it needs an input '{DetectorExport.InputName}' and outputs cls_8 to kps_32; " +
                    $"it has the outputs {string.Join(", ", session.OutputMetadata.Keys)}.");
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainerException($"{label} is no ONNX model that can be run: {e.Message}", e);
        }
    }

    /// <summary>The pipeline wants an encoder named as well, and never opens it.</summary>
    private static ModelManifest Manifest(byte[] model)
    {
        var detector = new ModelEntry
        {
            Name = Name,
            Kind = ModelKind.Detector,
            File = "detector.onnx",
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
            InputWidth = 640,
            InputHeight = 640,
            ChannelOrder = ChannelOrder.Bgr,
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
            Licence = "not stated",
            Origin = "the trainer",
        };
        return new ModelManifest
        {
            Detector = Name,
            Encoder = "none",
            Models =
            [
                detector,
                detector with
                {
                    Name = "none",
                    Kind = ModelKind.Encoder,
                    File = "none.onnx",
                    InputWidth = 112,
                    InputHeight = 112,
                    OutputName = "none",
                    Dimension = 128,
                    Calibration = new Calibration("nothing", [new CalibrationPoint(1e-2, 0.3f), new CalibrationPoint(1e-3, 0.4f)]),
                },
            ],
        };
    }
}
