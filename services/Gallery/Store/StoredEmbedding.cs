using System.Numerics.Tensors;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Gallery.Store;

/// <summary>Embeddings as rows hold them. A row that a broken disk or a strange hand has changed is refused: compared, it would only lie.</summary>
internal static class StoredEmbedding
{
    // Far more than float32 rounds, far less than any damage that matters.
    private const float LengthTolerance = 1e-3f;

    /// <param name="faceId">For the sentence.</param>
    /// <param name="bytes">float32 little-endian.</param>
    /// <param name="dimension">Of the gallery; 0: not known.</param>
    /// <exception cref="FailureException">FaceDamaged.</exception>
    public static float[] Read(Guid faceId, byte[] bytes, int dimension)
    {
        if (bytes.Length == 0 || bytes.Length % sizeof(float) != 0 || (dimension > 0 && bytes.Length != dimension * sizeof(float)))
        {
            throw Damaged(faceId, dimension > 0 ? $"{bytes.Length} bytes instead of {dimension * sizeof(float)}" : $"{bytes.Length} bytes");
        }

        var values = EmbeddingBytes.ToFloats(bytes);
        var length = TensorPrimitives.Norm(values);
        return MathF.Abs(length - 1) <= LengthTolerance ? values : throw Damaged(faceId, $"length {length} instead of 1");
    }

    private static FailureException Damaged(Guid faceId, string how) =>
        new(FailureReason.FaceDamaged, $"The stored embedding of face '{faceId}' is damaged ({how}). Delete the face and enrol its photo again, or restore a backup.");
}
