using FaceCloud.Contracts;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Vision;
using FaceCloud.Vision.Alignment;
using FaceCloud.Vision.Decoding;
using FaceCloud.Vision.Detection;
using FaceCloud.Vision.Quality;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaceCloud.Benchmarks.Whole;

/// <summary>The stages of the face pipeline, each callable alone, as the services are made of them.</summary>
internal sealed class Stages : IDisposable
{
    private readonly PhotoDecoder _decoder;
    private readonly FaceDetector _detector;
    private readonly UprightCheck _upright;
    private readonly OnnxFaceEncoder _encoder;

    public Stages(string models)
    {
        var catalog = new ModelCatalog(new ModelsOptions { Directory = models });
        var vision = Options.Create(new VisionOptions());
        var inference = new InferenceOptions();
        _decoder = new PhotoDecoder(vision);
        _detector = new FaceDetector(new SessionPool(catalog.Detector, inference, NullLoggerFactory.Instance), vision);
        _upright = new UprightCheck(_detector);
        _encoder = new OnnxFaceEncoder(catalog.Encoder, inference, new BatchingOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        Models = $"{catalog.Detector.Name}, {catalog.Encoder.EmbeddingContract}";
    }

    public string Models { get; }

    public DecodedPhoto Decode(byte[] photo) => _decoder.Decode(photo);

    /// <summary>The largest face; null: none.</summary>
    public async ValueTask<DetectedFace?> DetectAsync(DecodedPhoto photo)
    {
        var faces = await _detector.DetectAsync(photo.Image, CancellationToken.None);
        return faces.Count == 0 ? null : faces[0];
    }

    /// <summary>Whether the face is upright: the detector's opinion on the turned crop.</summary>
    public ValueTask<int> CheckAsync(DecodedPhoto photo, DetectedFace face) => _upright.FindTurnAsync(photo.Image, face, CancellationToken.None);

    /// <summary>Crop and quality.</summary>
    public static byte[] Align(DecodedPhoto photo, DetectedFace face, int turn)
    {
        var crop = new byte[AlignedCrop.Bytes];
        FaceAligner.TryAlign(photo.Image, face.Landmarks, margin: 0, crop);
        FaceQualityMeter.Measure(face.Scale(photo.ScaleX, photo.ScaleY), crop, turn, photo.Width, photo.Height, QualityGate.Enrolment);
        return crop;
    }

    public Task<EncodedFaces> EmbedAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, EncodePriority priority) =>
        _encoder.EncodeAsync(crops, priority, CancellationToken.None);

    public void Dispose()
    {
        _encoder.Dispose();
        _detector.Dispose();
    }
}
