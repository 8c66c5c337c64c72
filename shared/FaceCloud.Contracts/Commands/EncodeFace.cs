namespace FaceCloud.Contracts.Commands;

/// <summary>Turn one aligned crop into an embedding. Sent by Ingestion workers; done by Encoder workers, in batches.</summary>
public sealed record EncodeFace
{
    public required EnrolmentTarget Target { get; init; }

    /// <summary>byte[112*112*3], see <see cref="AlignedCrop"/>.</summary>
    public required byte[] Crop { get; init; }

    public required FaceBox Box { get; init; }

    public required FaceQuality Quality { get; init; }
}
