using FaceCloud.Contracts;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Store;

public sealed class EmbeddingsTests
{
    [Fact]
    public void ToBytes_One_IsLittleEndian()
    {
        Assert.Equal([0x00, 0x00, 0x80, 0x3F], EmbeddingBytes.ToBytes([1f]));
        Assert.Equal([1f, -2.5f], EmbeddingBytes.ToFloats(EmbeddingBytes.ToBytes([1f, -2.5f])));
    }

    [Fact]
    public void ToFloats_BytesLeftOver_Throws()
    {
        Assert.Throws<ArgumentException>(() => EmbeddingBytes.ToFloats([1, 2, 3, 4, 5]));
    }

    [Theory]
    [InlineData(3f, 4f)]
    [InlineData(3e-30f, 4e-30f)]
    [InlineData(3e30f, 4e30f)]
    public void Normalized_AnyLength_HasUnitLength(float x, float y)
    {
        var unit = Embeddings.Normalized([x, y]);

        Assert.Equal(0.6f, unit![0], 1e-6f);
        Assert.Equal(0.8f, unit[1], 1e-6f);
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 0f, 0f })]
    [InlineData(new[] { 1f, float.NaN })]
    [InlineData(new[] { float.PositiveInfinity, 0f })]
    [InlineData(new[] { 0f, float.NegativeInfinity })]
    public void Normalized_WithoutDirection_IsNull(float[] values)
    {
        Assert.Null(Embeddings.Normalized(values));
    }
}
