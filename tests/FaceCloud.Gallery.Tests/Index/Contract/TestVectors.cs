using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Index.Contract;

internal static class TestVectors
{
    public static List<FaceVector> Random(Random random, int faces, int dimension, int persons) =>
        [.. Enumerable.Range(0, faces).Select(i => new FaceVector(NewGuid(random), $"p{(i < persons ? i : random.Next(persons))}", Unit(random, dimension)))];

    public static Guid NewGuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public static float[] Unit(Random random, int dimension) =>
        Embeddings.Normalized([.. Enumerable.Range(0, dimension).Select(_ => (float)(random.NextDouble() - 0.5))])!;

    /// <summary>Off by some millionths in one place.</summary>
    public static float[] Nudged(float[] unit, Random random)
    {
        var copy = (float[])unit.Clone();
        copy[random.Next(copy.Length)] += 1e-6f * random.Next(-3, 4);
        return copy;
    }
}
