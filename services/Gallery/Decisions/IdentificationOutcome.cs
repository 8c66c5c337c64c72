namespace FaceCloud.Gallery.Decisions;

/// <summary>The same words as the proto enum.</summary>
public enum IdentificationOutcome
{
    Recognized = 1,
    NotRecognized = 2,
    Ambiguous = 3,
    RejectedQuality = 4,
    NoFace = 5,
}
