using FaceCloud.Contracts;
using FaceCloud.Vision.Quality;
using NetVips;

namespace FaceCloud.Vision.Tests.Quality;

public sealed class CropMeasuresTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(51, 0.2f)]
    [InlineData(255, 1)]
    public void Measure_OneColour_BrightnessIsItAndSharpnessZero(byte value, float brightness)
    {
        var crop = new byte[AlignedCrop.Bytes];
        Array.Fill(crop, value);

        var measures = CropMeasures.Measure(crop);

        Assert.Equal(brightness, measures.Brightness, 1e-3f);
        Assert.Equal(0, measures.Sharpness, 1e-3f);
    }

    [Fact]
    public void Measure_MoreAndMoreBlurred_FallsSteadily()
    {
        double[] sigmas = [0.3, 0.6, 1, 1.5, 2, 3];

        var sharpness = Array.ConvertAll(sigmas, sigma => CropMeasures.Measure(Texture(sigma, gain: 1)).Sharpness);

        Assert.Equal(sharpness.OrderDescending(), sharpness);
        Assert.True(sharpness[0] > 0.7f);
        Assert.True(sharpness[^1] < 0.7f * sharpness[0]);
    }

    [Fact]
    public void Measure_LessContrast_SharpnessNearlyTheSame()
    {
        var full = CropMeasures.Measure(Texture(1, gain: 1)).Sharpness;
        var faint = CropMeasures.Measure(Texture(1, gain: 0.4)).Sharpness;

        Assert.Equal(full, faint, 0.05f);
    }

    [Fact]
    public void Measure_BlurredInOneDirectionOnly_IsNotSharp()
    {
        // Motion: stripes that are crisp across and constant down.
        var crop = new byte[AlignedCrop.Bytes];
        for (var i = 0; i < crop.Length; i++)
        {
            crop[i] = (byte)(i / 3 % AlignedCrop.Size % 4 < 2 ? 40 : 200);
        }

        Assert.Equal(0, CropMeasures.Measure(crop).Sharpness, 1e-3f);
    }

    private static byte[] Texture(double sigma, double gain)
    {
        var pixels = new byte[AlignedCrop.Size * AlignedCrop.Size];
        new Random(7).NextBytes(pixels);
        using var noise = Image.NewFromMemoryCopy<byte>(pixels, AlignedCrop.Size, AlignedCrop.Size, 1, Enums.BandFormat.Uchar);
        using var wide = noise.Cast(Enums.BandFormat.Float);
        using var blurred = wide.Gaussblur(sigma, precision: Enums.Precision.Float);

        // Contrast brought back, so that rounding to bytes does not play in.
        var spread = blurred.Deviate();
        using var stretched = blurred.Linear([40 * gain / spread], [128 - (128 * 40 * gain / spread)]);
        using var bytes = stretched.Cast(Enums.BandFormat.Uchar);
        using var rgb = bytes.Bandjoin(bytes, bytes);
        return rgb.WriteToMemory<byte>();
    }
}
