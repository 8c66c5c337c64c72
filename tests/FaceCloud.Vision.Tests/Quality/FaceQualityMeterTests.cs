using FaceCloud.Contracts;
using FaceCloud.Vision.Alignment;
using FaceCloud.Vision.Detection;
using FaceCloud.Vision.Quality;

namespace FaceCloud.Vision.Tests.Quality;

public sealed class FaceQualityMeterTests
{
    private const int PhotoSize = 500;

    [Fact]
    public void Measure_GoodFace_PassesEnrolmentWithHighScore()
    {
        var quality = Measure(Face(), Checkered());

        Assert.Empty(quality.Reasons);
        Assert.InRange(quality.Score, 0.8f, 1);
    }

    [Theory]
    [InlineData(QualityReason.SmallBoundingBox)]
    [InlineData(QualityReason.LowSharpness)]
    [InlineData(QualityReason.LowBrightness)]
    [InlineData(QualityReason.ExtremePose)]
    [InlineData(QualityReason.LowConfidence)]
    public void Measure_OnePartBad_ThatReasonOnlyAndLowScore(QualityReason reason)
    {
        var face = reason switch
        {
            QualityReason.SmallBoundingBox => Face() with { Box = new FaceBox(200, 200, 20, 60) },
            QualityReason.ExtremePose => Face(noseShift: 60),
            QualityReason.LowConfidence => Face() with { Score = 0.52f },
            _ => Face(),
        };
        var crop = reason switch
        {
            QualityReason.LowSharpness => Gradient(),
            QualityReason.LowBrightness => Checkered(dark: 5, light: 20),
            _ => Checkered(),
        };

        var quality = Measure(face, crop);

        Assert.Equal([reason], quality.Reasons);
        Assert.InRange(quality.Score, 0, 0.35f);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void Measure_Turned_ExtremePose(int turn)
    {
        var quality = FaceQualityMeter.Measure(Face(), Checkered(), turn, PhotoSize, PhotoSize, QualityGate.Probe);

        Assert.Equal([QualityReason.ExtremePose], quality.Reasons);
        Assert.Equal(Math.Min(turn, 360 - turn), Math.Abs(quality.Roll), 5f);
        Assert.Equal(0, quality.Score, 0.05f);
    }

    [Fact]
    public void Measure_CutOffByTheEdge_LowConfidence()
    {
        var quality = Measure(Face() with { Box = new FaceBox(-60, 200, 120, 150) }, Checkered());

        Assert.Equal([QualityReason.LowConfidence], quality.Reasons);
    }

    [Fact]
    public void Measure_MinScore_NamesTheWeakestPart()
    {
        var face = Face() with { Box = new FaceBox(200, 200, 40, 50) };

        var quality = FaceQualityMeter.Measure(face, Checkered(), 0, PhotoSize, PhotoSize, new QualityGate { MinScore = 0.5f });

        Assert.Equal([QualityReason.SmallBoundingBox], quality.Reasons);
        Assert.Equal((40 - 16) / 64f, quality.Score, 1e-4f);
    }

    [Fact]
    public void Measure_GateNone_RefusesNothing()
    {
        var face = Face(noseShift: 60) with { Box = new FaceBox(-60, 200, 61, 3), Score = 0.01f };

        Assert.Empty(FaceQualityMeter.Measure(face, new byte[AlignedCrop.Bytes], 180, PhotoSize, PhotoSize, QualityGate.None).Reasons);
    }

    [Theory]
    [InlineData(0, 0, 100, 100, 1)]
    [InlineData(-50, 0, 100, 100, 0.5f)]
    [InlineData(450, 450, 100, 100, 0.25f)]
    [InlineData(600, 0, 100, 100, 0)]
    public void Visible_BoxOverTheEdge_IsTheShareInside(float x, float y, float width, float height, float expected)
    {
        Assert.Equal(expected, FaceQualityMeter.Visible(new FaceBox(x, y, width, height), PhotoSize, PhotoSize), 1e-5f);
    }

    private static FaceQuality Measure(in DetectedFace face, byte[] crop) =>
        FaceQualityMeter.Measure(face, crop, turn: 0, PhotoSize, PhotoSize, QualityGate.Enrolment);

    private static DetectedFace Face(float noseShift = 0)
    {
        var points = FaceTemplate.Points;
        var nose = points[2] with { X = points[2].X + noseShift, Y = points[2].Y + 4 };
        return new DetectedFace(new FaceBox(200, 200, 120, 150), new FaceLandmarks(points[0], points[1], nose, points[3], points[4]), 0.9f);
    }

    private static byte[] Checkered(byte dark = 60, byte light = 200)
    {
        var crop = new byte[AlignedCrop.Bytes];
        for (var i = 0; i < crop.Length; i++)
        {
            var (x, y) = (i / 3 % AlignedCrop.Size, i / 3 / AlignedCrop.Size);
            crop[i] = ((x / 3) + (y / 3)) % 2 == 0 ? dark : light;
        }

        return crop;
    }

    private static byte[] Gradient()
    {
        var crop = new byte[AlignedCrop.Bytes];
        for (var i = 0; i < crop.Length; i++)
        {
            crop[i] = (byte)(30 + (i / 3 % AlignedCrop.Size) + (i / 3 / AlignedCrop.Size));
        }

        return crop;
    }
}
