using FaceCloud.Inference.Encoding;
using FaceCloud.Vision;

namespace FaceCloud.Gallery.Probes;

/// <summary>Time spent per stage; a stage that did not run took none.</summary>
public sealed record StageTimes
{
    public TimeSpan Decoding { get; init; }

    public TimeSpan Detecting { get; init; }

    public TimeSpan Aligning { get; init; }

    public TimeSpan Queued { get; init; }

    public TimeSpan Encoding { get; init; }

    public TimeSpan Searching { get; init; }

    public StageTimes With(PhotoAnalysis photo) => this with
    {
        Decoding = Decoding + photo.Decoding,
        Detecting = Detecting + photo.Detecting,
        Aligning = Aligning + photo.Aligning,
    };

    public StageTimes With(EncodedFaces encoded) => this with
    {
        Queued = Queued + encoded.Queued,
        Encoding = Encoding + encoded.Encoding,
    };

    public StageTimes With(StageTimes other) => new()
    {
        Decoding = Decoding + other.Decoding,
        Detecting = Detecting + other.Detecting,
        Aligning = Aligning + other.Aligning,
        Queued = Queued + other.Queued,
        Encoding = Encoding + other.Encoding,
        Searching = Searching + other.Searching,
    };
}
