namespace FaceCloud.Trainer.Data;

/// <summary>One photo of a source.</summary>
/// <param name="Name">Unique inside its source.</param>
/// <param name="Identity">Whose face; null where nobody knows.</param>
/// <param name="Split">What it may be used for.</param>
public sealed record FaceRecord(string Name, string? Identity, FaceSplit Split);
