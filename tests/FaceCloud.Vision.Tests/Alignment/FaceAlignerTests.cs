using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Vision.Alignment;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Tests.Alignment;

public sealed class FaceAlignerTests
{
    [Fact]
    public void TryAlign_LandmarksOnTemplate_CopiesThePicture()
    {
        var image = Noise(112, 112);
        var crop = new byte[AlignedCrop.Bytes];

        Assert.True(FaceAligner.TryAlign(image, Landmarks(point => point), margin: 0, crop));

        Assert.Equal(image.Pixels.ToArray(), crop);
    }

    [Fact]
    public void TryAlign_Margin_ShowsMoreAround()
    {
        var image = Noise(128, 128);
        var crop = new byte[128 * 128 * 3];

        Assert.True(FaceAligner.TryAlign(image, Landmarks(point => point + new Vector2(8, 8)), margin: 8, crop));

        Assert.Equal(image.Pixels.ToArray(), crop);
    }

    [Fact]
    public void TryAlign_TwiceTheSize_IsThe2x2Average()
    {
        var image = Noise(224, 224);
        var crop = new byte[AlignedCrop.Bytes];

        // Centres of crop pixels lie between the centres of two: x = 2 x' + 0.5.
        Assert.True(FaceAligner.TryAlign(image, Landmarks(point => (point * 2) + new Vector2(0.5f)), margin: 0, crop));

        var half = new byte[AlignedCrop.Bytes];
        Halving.Halve(image.Pixels.Span, 224 * 3, 224, 224, half);
        Assert.Equal(half, crop);
    }

    [Fact]
    public void TryAlign_BesideThePicture_IsBlackThere()
    {
        var image = White(112, 112);
        var crop = new byte[AlignedCrop.Bytes];

        // The face lies 50 pixels further left: so many columns of its crop are outside.
        Assert.True(FaceAligner.TryAlign(image, Landmarks(point => point - new Vector2(50, 0)), margin: 0, crop));

        Assert.Equal(0, crop[(60 * 112 * 3) + (49 * 3)]);
        Assert.Equal(255, crop[(60 * 112 * 3) + (51 * 3)]);
    }

    [Fact]
    public void TryAlign_FarOutside_IsAllBlack()
    {
        var crop = new byte[AlignedCrop.Bytes];
        Array.Fill(crop, (byte)7);

        Assert.True(FaceAligner.TryAlign(White(64, 64), Landmarks(point => point + new Vector2(5000, -9000)), margin: 0, crop));

        Assert.All(crop, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(0.4f, 0.3f)]
    [InlineData(1.3f, -0.5f)]
    [InlineData(2.6f, 3.1f)]
    [InlineData(5.1f, 0.2f)]
    [InlineData(9f, 1.5f)]
    public void TryAlign_ScaledAndTurned_EqualsNaive(float scale, float angle)
    {
        var image = Noise(301, 277);
        var turn = Matrix3x2.CreateRotation(angle) * Matrix3x2.CreateScale(scale);
        var landmarks = Landmarks(point => Vector2.Transform(point - new Vector2(56, 56), turn) + new Vector2(140, 120));
        var crop = new byte[AlignedCrop.Bytes];

        Assert.True(FaceAligner.TryAlign(image, landmarks, margin: 0, crop));

        // Weights in float32 here, in double there: at most one step of 255 between the two.
        var naive = Naive(image, landmarks);
        for (var i = 0; i < crop.Length; i++)
        {
            Assert.InRange(crop[i] - naive[i], -1, 1);
        }
    }

    [Fact]
    public void TryAlign_LandmarksCoincide_False()
    {
        Assert.False(FaceAligner.TryAlign(White(64, 64), Landmarks(_ => new Vector2(5, 5)), margin: 0, new byte[AlignedCrop.Bytes]));
    }

    private static FaceLandmarks Landmarks(Func<Vector2, Vector2> place)
    {
        var template = FaceTemplate.Points;
        return new FaceLandmarks(place(template[0]), place(template[1]), place(template[2]), place(template[3]), place(template[4]));
    }

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    private static RgbImage White(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)255);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>The whole picture halved, then sampled point by point.</summary>
    private static byte[] Naive(RgbImage image, FaceLandmarks landmarks)
    {
        var points = new Vector2[5];
        landmarks.CopyTo(points);
        Assert.True(SimilarityTransform.TryFit(points, FaceTemplate.Points, out var toCrop));
        var toSource = toCrop.Invert();
        var factor = 1;
        while (toSource.Scale / factor >= 2)
        {
            var half = new byte[image.Width / 2 * (image.Height / 2) * 3];
            Halving.Halve(image.Pixels.Span, image.Width * 3, image.Width, image.Height, half);
            image = new RgbImage(image.Width / 2, image.Height / 2, half);
            factor *= 2;
        }

        var pixels = image.Pixels.ToArray();
        double At(int x, int y, int c) => x >= 0 && y >= 0 && x < image.Width && y < image.Height ? pixels[((y * image.Width) + x) * 3 + c] : 0;

        var crop = new byte[AlignedCrop.Bytes];
        for (var row = 0; row < 112; row++)
        {
            for (var column = 0; column < 112; column++)
            {
                var (x, y) = toSource.Apply(column, row);
                (x, y) = (((x + 0.5) / factor) - 0.5, ((y + 0.5) / factor) - 0.5);
                var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
                var (across, down) = (x - left, y - top);
                for (var c = 0; c < 3; c++)
                {
                    var value = (At(left, top, c) * (1 - across) * (1 - down)) + (At(left + 1, top, c) * across * (1 - down))
                        + (At(left, top + 1, c) * (1 - across) * down) + (At(left + 1, top + 1, c) * across * down);
                    crop[((row * 112) + column) * 3 + c] = (byte)Math.Floor(value + 0.5);
                }
            }
        }

        return crop;
    }
}
