using FaceCloud.Vision.Detection;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Tests.Detection;

public sealed class DetectorInputTests
{
    [Theory]
    [InlineData(640, 480, 640, 640, 480, 640, 480)]
    [InlineData(333, 250, 640, 333, 250, 352, 256)]
    [InlineData(1, 1, 640, 1, 1, 32, 32)]
    [InlineData(1920, 1080, 640, 640, 360, 640, 384)]
    [InlineData(1080, 1920, 640, 360, 640, 384, 640)]
    [InlineData(10000, 3, 640, 640, 1, 640, 32)]
    public void For_AnySize_LongestSideAndMultiplesOf32(int width, int height, int size, int reducedWidth, int reducedHeight, int paddedWidth, int paddedHeight)
    {
        var geometry = DetectorGeometry.For(width, height, size);

        Assert.Equal(new DetectorGeometry(reducedWidth, reducedHeight, paddedWidth, paddedHeight), geometry);
    }

    [Theory]
    [InlineData(37, 21, 64)]
    [InlineData(64, 64, 64)]
    [InlineData(65, 64, 64)]
    [InlineData(100, 77, 64)]
    [InlineData(127, 50, 64)]
    [InlineData(128, 96, 64)]
    [InlineData(300, 211, 64)]
    [InlineData(211, 300, 64)]
    [InlineData(517, 3, 64)]
    [InlineData(2, 517, 64)]
    public void Fill_AnySize_EqualsNaive(int width, int height, int size)
    {
        var image = Noise(width, height);
        var geometry = DetectorGeometry.For(width, height, size);
        var input = new float[3 * geometry.Plane];
        Array.Fill(input, float.NaN);

        DetectorInput.Fill(image, geometry, input);

        Assert.Equal(Naive(image, geometry), input);
    }

    [Fact]
    public void Fill_OneColour_StaysThatColourInBgrWithZerosAround()
    {
        var pixels = new byte[900 * 500 * 3];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (10, 100, 200);
        }

        var geometry = DetectorGeometry.For(900, 500, 320);
        var input = new float[3 * geometry.Plane];
        DetectorInput.Fill(new RgbImage(900, 500, pixels), geometry, input);

        float[] bgr = [200, 100, 10];
        for (var c = 0; c < 3; c++)
        {
            for (var y = 0; y < geometry.PaddedHeight; y++)
            {
                for (var x = 0; x < geometry.PaddedWidth; x++)
                {
                    var expected = x < geometry.Width && y < geometry.Height ? bgr[c] : 0;
                    Assert.Equal(expected, input[(c * geometry.Plane) + (y * geometry.PaddedWidth) + x]);
                }
            }
        }
    }

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width + height).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    private static float[] Naive(RgbImage image, DetectorGeometry geometry)
    {
        var (width, height, pixels) = (image.Width, image.Height, image.Pixels.ToArray());
        while (width >= 2 * geometry.Width && height >= 2 * geometry.Height)
        {
            var half = new byte[width / 2 * (height / 2) * 3];
            for (var y = 0; y < height / 2; y++)
            {
                for (var x = 0; x < width / 2; x++)
                {
                    for (var c = 0; c < 3; c++)
                    {
                        var sum = 0;
                        for (var k = 0; k < 4; k++)
                        {
                            sum += pixels[((((2 * y) + (k / 2)) * width) + (2 * x) + (k % 2)) * 3 + c];
                        }

                        half[((y * (width / 2)) + x) * 3 + c] = (byte)((sum + 2) / 4);
                    }
                }
            }

            (width, height, pixels) = (width / 2, height / 2, half);
        }

        var input = new float[3 * geometry.Plane];
        for (var y = 0; y < geometry.Height; y++)
        {
            var (top, bottom, down) = Tap(y, height, geometry.Height);
            for (var x = 0; x < geometry.Width; x++)
            {
                var (left, right, across) = Tap(x, width, geometry.Width);
                for (var c = 0; c < 3; c++)
                {
                    var upper = (pixels[((top * width) + left) * 3 + c] * (256 - across)) + (pixels[((top * width) + right) * 3 + c] * across);
                    var lower = (pixels[((bottom * width) + left) * 3 + c] * (256 - across)) + (pixels[((bottom * width) + right) * 3 + c] * across);
                    var value = Math.Floor((((upper * (256.0 - down)) + (lower * (double)down)) / 65536) + 0.5);
                    input[((2 - c) * geometry.Plane) + (y * geometry.PaddedWidth) + x] = (float)value;
                }
            }
        }

        return input;
    }

    private static (int First, int Second, int Weight) Tap(int i, int from, int to)
    {
        var at = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
        var first = (int)Math.Floor(at);
        return (first, Math.Min(first + 1, from - 1), (int)Math.Floor(((at - first) * 256) + 0.5));
    }
}
