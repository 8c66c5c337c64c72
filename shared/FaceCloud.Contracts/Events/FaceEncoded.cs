namespace FaceCloud.Contracts.Events;

/// <summary>A crop has its embedding. Published by Encoder workers; Gallery stores it.</summary>
public sealed record FaceEncoded
{
    public required EnrolmentTarget Target { get; init; }

    /// <summary>float32[dimension] little-endian, unit length.</summary>
    public required byte[] Embedding { get; init; }

    /// <summary>Model name + ":" + first 12 hex digits of its file's SHA-256.</summary>
    public required string EmbeddingContract { get; init; }

    public required FaceBox Box { get; init; }

    public required FaceQuality Quality { get; init; }
}
