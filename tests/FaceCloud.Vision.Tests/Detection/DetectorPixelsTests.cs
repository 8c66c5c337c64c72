using FaceCloud.Inference.Models;
using FaceCloud.Testing;
using FaceCloud.Vision.Detection;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Tests.Detection;

public sealed class DetectorPixelsTests
{
    private static readonly DetectorGeometry Geometry = new(40, 20, 64, 32);

    [Fact]
    public void Fill_RgbWithMeanAndStd_PicturesAndBlackAround()
    {
        var input = Fill(ChannelOrder.Rgb, [127.5f, 127.5f, 100], [128, 64, 10]);

        Assert.Equal(((10 - 127.5f) / 128, (100 - 127.5f) / 64, (200 - 100f) / 10), Pixel(input, 39, 19));
        Assert.Equal((-127.5f / 128, -127.5f / 64, -10f), Pixel(input, 40, 19));
        Assert.Equal((-127.5f / 128, -127.5f / 64, -10f), Pixel(input, 0, 31));
    }

    [Fact]
    public void Fill_BgrAsItIs_EqualsThePlainInput()
    {
        var input = Fill(ChannelOrder.Bgr, [0, 0, 0], [1, 1, 1]);

        var plain = new float[input.Length];
        DetectorInput.Fill(Picture(), Geometry, plain);
        Assert.Equal(plain, input);
        Assert.Equal((200, 100, 10), Pixel(input, 0, 0));
    }

    [Theory]
    [InlineData(100, 50, 100, 50)]
    [InlineData(640, 320, 320, 160)]
    [InlineData(320, 640, 96, 192)]
    [InlineData(10000, 3, 320, 1)]
    public void Fixed_AnySize_FitsIntoTheOnlySizeAndIsNeverEnlarged(int width, int height, int reducedWidth, int reducedHeight) =>
        Assert.Equal(new DetectorGeometry(reducedWidth, reducedHeight, 320, 192), DetectorGeometry.Fixed(width, height, 320, 192));

    private static float[] Fill(ChannelOrder order, float[] mean, float[] std)
    {
        var entry = TestModels.Shared.Catalog.Detector.Entry with { ChannelOrder = order, Mean = mean, Std = std };
        var input = new float[3 * Geometry.Plane];
        Array.Fill(input, float.NaN);
        new DetectorPixels(new ModelDescription(entry, "none")).Fill(Picture(), Geometry, input);
        return input;
    }

    private static RgbImage Picture()
    {
        var pixels = new byte[40 * 20 * 3];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (10, 100, 200);
        }

        return new RgbImage(40, 20, pixels);
    }

    private static (float, float, float) Pixel(float[] input, int x, int y)
    {
        var at = (y * Geometry.PaddedWidth) + x;
        return (input[at], input[Geometry.Plane + at], input[(2 * Geometry.Plane) + at]);
    }
}
