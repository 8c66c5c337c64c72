namespace FaceCloud.Client;

/// <summary>What a photo must be like to be enrolled.</summary>
public sealed record EnrollOptions
{
    /// <summary>Name for a person that this call creates.</summary>
    public string? Name { get; init; }

    /// <summary>Faces that the photo may show; default 1. The largest is enrolled.</summary>
    public int? MaxFaces { get; init; }

    /// <summary>0..1; default: the gallery's gate, else the server's.</summary>
    public float? MinQuality { get; init; }
}
