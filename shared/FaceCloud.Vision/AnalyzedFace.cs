using FaceCloud.Contracts;

namespace FaceCloud.Vision;

/// <summary>One face, ready for the encoder.</summary>
public sealed record AnalyzedFace
{
    public required FaceBox Box { get; init; }

    public required FaceLandmarks Landmarks { get; init; }

    /// <summary>Detector score, 0..1.</summary>
    public required float Confidence { get; init; }

    public required FaceQuality Quality { get; init; }

    /// <summary>byte[112*112*3], see AlignedCrop.</summary>
    public required ReadOnlyMemory<byte> Crop { get; init; }
}
