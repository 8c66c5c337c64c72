using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Augmentation;

public sealed class AugmenterTests
{
    private const int StoredSide = 120;
    private static readonly byte[] Photo = DrawnFaces.Pixels(3, 1);

    [Fact]
    public void Apply_None_IsTheMiddleScaled()
    {
        var output = Apply(AugmentationOptions.None, default);

        for (var y = 0; y < Augmenter.Side; y++)
        {
            for (var i = 0; i < Augmenter.Side * 3; i++)
            {
                var expected = (Photo[((y + 4) * StoredSide * 3) + 12 + i] - 127.5f) / 127.5f;
                Assert.Equal(expected, output[(y * Augmenter.Side * 3) + i], 1e-5f);
            }
        }
    }

    [Fact]
    public void Apply_Flip_MirrorsColumnsAndKeepsColours()
    {
        var plain = Apply(AugmentationOptions.None, default);

        var flipped = Apply(AugmentationOptions.None with { Flip = 1 }, default);

        for (var y = 0; y < Augmenter.Side; y++)
        {
            for (var x = 0; x < Augmenter.Side; x++)
            {
                for (var c = 0; c < 3; c++)
                {
                    Assert.Equal(
                        plain[(((y * Augmenter.Side) + x) * 3) + c],
                        flipped[(((y * Augmenter.Side) + Augmenter.Side - 1 - x) * 3) + c]);
                }
            }
        }
    }

    [Fact]
    public void Apply_AffineOfNoAngleScaleOrShift_IsTheMiddle()
    {
        var still = AugmentationOptions.None with { Affine = 1, Angle = 0, Scale = 0 };

        Assert.Equal(Apply(AugmentationOptions.None, default), Apply(still, default), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(
            Apply(AugmentationOptions.None with { Flip = 1 }, default),
            Apply(still with { Flip = 1 }, default),
            (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Apply_Everything_StaysInRangeAndKeepsSomething()
    {
        var options = new AugmentationOptions { Affine = 1, Blur = 1, LowResolution = 1, Noise = 1, Occlusion = 1, Grey = 0.5f };

        for (var i = 0; i < 200; i++)
        {
            var output = Apply(options, new SmallRandom(1, i, 0));

            Assert.All(output, v => Assert.InRange(v, -1f, 1f));
            Assert.True(output.Distinct().Count() > 100);
        }
    }

    [Fact]
    public void Apply_SameGenerator_IsTheSameOnAnyInstance()
    {
        var options = new AugmentationOptions { Affine = 1, Blur = 1, LowResolution = 1, Noise = 1, Occlusion = 1 };
        var used = new Augmenter(options);
        used.Apply(Photo, new SmallRandom(9, 9, 9), new float[Augmenter.Length]);
        var again = new float[Augmenter.Length];

        used.Apply(Photo, new SmallRandom(1, 2, 3), again);

        Assert.Equal(Apply(options, new SmallRandom(1, 2, 3)), again);
        Assert.NotEqual(Apply(options, new SmallRandom(1, 2, 4)), again);
    }

    [Fact]
    public void SmallRandom_ManyDraws_AreSpreadEvenly()
    {
        var random = new SmallRandom(1, 2, 3);
        var counts = new int[10];
        var sum = 0.0;
        for (var i = 0; i < 100_000; i++)
        {
            counts[random.Below(10)]++;
            sum += random.NextFloat();
        }

        // Five deviations: √(100000·0.1·0.9) = 95, and 1/√(12·100000) = 0.0009.
        Assert.All(counts, c => Assert.InRange(c, 9_500, 10_500));
        Assert.InRange(sum / 100_000, 0.4955, 0.5045);
    }

    private static float[] Apply(AugmentationOptions options, SmallRandom random)
    {
        var output = new float[Augmenter.Length];
        new Augmenter(options).Apply(Photo, random, output);
        return output;
    }
}
