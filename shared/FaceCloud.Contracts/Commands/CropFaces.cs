namespace FaceCloud.Contracts.Commands;

/// <summary>Find and align the face of one stored photo. Sent by Ingestion once the photo is stored; done by Ingestion workers.</summary>
public sealed record CropFaces
{
    /// <summary>Whose job, which item, and where the face shall go.</summary>
    public required EnrolmentTarget Target { get; init; }

    /// <summary>Key of the photo in the photo store (claim check): image bytes never travel in a message.</summary>
    public required string PhotoKey { get; init; }

    /// <summary>0..1, quality score asked for; 0 takes every face; null: the worker's own gate.</summary>
    public float? MinQuality { get; init; }

    /// <summary>Faces the photo may show; the largest is enrolled.</summary>
    public int MaxFaces { get; init; } = 1;
}
