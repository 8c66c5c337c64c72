namespace FaceCloud.Inference.Encoding;

/// <summary>Aligned crops in, unit-length embeddings out: here (<c>OnnxFaceEncoder</c>) or in another process (<c>RemoteFaceEncoder</c>).</summary>
public interface IFaceEncoder
{
    /// <summary>What encodes; asked once and kept by the implementation.</summary>
    ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Embeds crops of byte[112*112*3] (see AlignedCrop). The same crop gives the same embedding within 1e-4,
    /// whatever it is batched with.
    /// </summary>
    /// <exception cref="FaceCloud.Contracts.Failures.FailureException">InvalidCrop, EncoderBusy, EncoderUnavailable.</exception>
    Task<EncodedFaces> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, EncodePriority priority, CancellationToken cancellationToken);
}
