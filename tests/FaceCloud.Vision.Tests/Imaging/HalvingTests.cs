using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Tests.Imaging;

public sealed class HalvingTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(16, 8)]
    [InlineData(67, 31)]
    public void Halve_AnySize_EqualsNaive(int width, int height)
    {
        // Rows longer than what is halved: the part of a picture.
        var stride = (width * 3) + 7;
        var source = new byte[stride * height];
        new Random(width).NextBytes(source);
        var half = new byte[width / 2 * (height / 2) * 3];

        Halving.Halve(source, stride, width, height, half);

        for (var y = 0; y < height / 2; y++)
        {
            for (var i = 0; i < width / 2 * 3; i++)
            {
                var at = (2 * y * stride) + (i / 3 * 6) + (i % 3);
                var sum = source[at] + source[at + 3] + source[at + stride] + source[at + stride + 3];
                Assert.Equal((sum + 2) / 4, half[(y * (width / 2) * 3) + i]);
            }
        }
    }
}
