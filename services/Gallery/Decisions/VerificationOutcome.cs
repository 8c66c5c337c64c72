namespace FaceCloud.Gallery.Decisions;

/// <summary>The same words as the proto enum.</summary>
public enum VerificationOutcome
{
    Match = 1,
    NoMatch = 2,
    RejectedQuality = 3,
    NoFace = 4,
}
