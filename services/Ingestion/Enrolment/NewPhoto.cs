namespace FaceCloud.Ingestion.Enrolment;

/// <summary>A photo as it comes in, its texts already checked.</summary>
public sealed record NewPhoto
{
    public required string JobId { get; init; }

    public required string PersonId { get; init; }

    public required string PersonName { get; init; }

    public required string Source { get; init; }

    public required ReadOnlyMemory<byte> Bytes { get; init; }
}
