using System.Text.Json.Serialization;

namespace FaceCloud.Contracts;

/// <summary>A rectangle in pixels of the upright photo; may reach over its edge.</summary>
public readonly record struct FaceBox(float X, float Y, float Width, float Height);

/// <summary>Why a face is not fit for a use; the same words as the proto enum QualityReason.</summary>
[JsonConverter(typeof(WireWordConverter<QualityReason>))]
public enum QualityReason
{
    NoFace = 1,
    SmallBoundingBox = 2,
    LowSharpness = 3,
    LowBrightness = 4,
    ExtremePose = 5,
    LowConfidence = 6,
    ExceedsMaxFaces = 7,
}

/// <summary>Quality of one face: every part 0..1, pose in degrees (yaw right, pitch down, roll clockwise positive).</summary>
public sealed record FaceQuality
{
    /// <summary>0..1, the weakest part.</summary>
    public required float Score { get; init; }

    public required float Sharpness { get; init; }

    public required float Brightness { get; init; }

    public required float Yaw { get; init; }

    public required float Pitch { get; init; }

    public required float Roll { get; init; }

    /// <summary>Empty when the face passes the gate it was measured against.</summary>
    public required IReadOnlyList<QualityReason> Reasons { get; init; }
}

/// <summary>What became of one photo of a bulk job; the same words as the proto enum EnrolOutcome.</summary>
[JsonConverter(typeof(WireWordConverter<EnrolOutcome>))]
public enum EnrolOutcome
{
    Enrolled = 1,
    Duplicate = 2,
    RejectedQuality = 3,
    NoFace = 4,
    Failed = 5,

    /// <summary>The job was cancelled before the photo had another outcome.</summary>
    Cancelled = 6,
}
