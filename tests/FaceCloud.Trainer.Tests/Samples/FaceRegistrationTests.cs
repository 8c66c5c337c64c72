using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Tests.Samples;

public sealed class FaceRegistrationTests
{
    private const int Side = FaceRegistration.Side;

    [Fact]
    public void Improve_PictureShiftedByTwoPixels_FindsTheShift()
    {
        var (target, moving) = (Blobs(0), Blobs(2));
        var registration = new FaceRegistration(Enumerable.Repeat(1f, Side * Side).ToArray());
        var field = new float[FaceRegistration.FieldLength];

        registration.Improve(target, moving, field, iterations: 60, stepSigma: 3, fieldSigma: 0.8f);

        var warped = new float[Side * Side];
        FaceRegistration.Warp(moving, field, warped);
        Assert.True(Difference(target, warped) < 0.1 * Difference(target, moving), $"{Difference(target, warped)} of {Difference(target, moving)}");
        Assert.InRange(field[(30 * Side) + 30], 1.7f, 2.3f);
        Assert.InRange(field[(Side * Side) + (30 * Side) + 30], -0.3f, 0.3f);
    }

    [Fact]
    public void Normalise_DarkerPhotoOfLessContrast_GivesNearlyTheSameFeatures()
    {
        var crop = new byte[120 * 120 * 3];
        var noise = new Noise(3);
        for (var i = 0; i < crop.Length; i++)
        {
            crop[i] = (byte)(128 + (90 * noise.At(i / 3 % 120 / 9f, i / 360 / 9f)));
        }

        var registration = new FaceRegistration(FaceRegion.Weights(Side, 0));
        var (bright, dark) = (new float[Side * Side], new float[Side * Side]);
        registration.Normalise(crop, bright);
        registration.Normalise([.. crop.Select(value => (byte)(20 + (value / 2)))], dark);

        Assert.True(Difference(bright, dark) < 0.03 * bright.Sum(v => (double)v * v), $"{Difference(bright, dark)}");
    }

    // The same smooth picture, seen from further left.
    private static float[] Blobs(float shift)
    {
        var noise = new Noise(5);
        return [.. Enumerable.Range(0, Side * Side).Select(i => 2 * noise.At(((i % Side) - shift) / 7, (i / Side) / 7f))];
    }

    private static double Difference(float[] a, float[] b) => a.Zip(b).Sum(p => (double)(p.First - p.Second) * (p.First - p.Second));
}
