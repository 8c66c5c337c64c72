using FaceCloud.Inference.Encoding;

namespace FaceCloud.Inference.Tests.Testing;

/// <summary>The promise of DESIGN section 8: the same crop, the same embedding within 1e-4, in any batch.</summary>
public static class BatchInvariance
{
    private const float Tolerance = 1e-4f;

    public static async Task AssertAsync(IFaceEncoder encoder)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var crop = Crops.Random(1000);
        var alone = (await encoder.EncodeAsync([crop], EncodePriority.Interactive, cancellation)).Embeddings[0];

        foreach (var size in (int[])[2, 3, 5, 16, 17])
        {
            for (var position = 0; position < size; position += Math.Max(1, size / 4))
            {
                var crops = Enumerable.Range(0, size).Select(i => i == position ? crop : Crops.Random(i)).ToList();
                var embeddings = (await encoder.EncodeAsync(crops, EncodePriority.Bulk, cancellation)).Embeddings;
                Assert.InRange(Largest(alone, embeddings[position]), 0, Tolerance);
            }
        }
    }

    /// <summary>Largest difference of two components.</summary>
    public static float Largest(float[] left, float[] right) => left.Zip(right, (a, b) => MathF.Abs(a - b)).Max();
}
