using FaceCloud.Contracts.Failures;

namespace FaceCloud.Trainer.Calibration;

/// <summary>Aligned crops to unit-length embeddings: an ONNX file run as the product runs it, or a checkpoint.</summary>
public interface IPhotoEncoder : IDisposable
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>What its embeddings are known by in the product; null for a checkpoint, which the product cannot load.</summary>
    string? EmbeddingContract { get; }

    /// <param name="crops">byte[112*112*3] each.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FailureException">An embedding is zero, or has NaN or infinity in it.</exception>
    Task<IReadOnlyList<float[]>> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, CancellationToken cancellationToken);
}
