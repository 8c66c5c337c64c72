using FaceCloud.Contracts;

namespace FaceCloud.Vision.Tests;

public sealed class EnrolmentVerdictTests
{
    [Fact]
    public void Of_NoFace_SaysSo()
    {
        var verdict = EnrolmentVerdict.Of(Photo(0), maxFaces: 1);

        Assert.Null(verdict.Face);
        Assert.Equal(EnrolOutcome.NoFace, verdict.Refusal);
        Assert.Equal([QualityReason.NoFace], verdict.Reasons);
    }

    [Fact]
    public void Of_FitFace_IsThatFace()
    {
        var photo = Photo(2);

        var verdict = EnrolmentVerdict.Of(photo, maxFaces: 2);

        Assert.Same(photo.Faces[0], verdict.Face);
        Assert.Equal(("", 0), (verdict.Message, verdict.Reasons.Count));
    }

    [Fact]
    public void Of_UnfitFaceInACrowd_AllReasonsAndTheNumber()
    {
        var verdict = EnrolmentVerdict.Of(Photo(3, QualityReason.LowSharpness), maxFaces: 2);

        Assert.Null(verdict.Face);
        Assert.Equal(EnrolOutcome.RejectedQuality, verdict.Refusal);
        Assert.Equal([QualityReason.LowSharpness, QualityReason.ExceedsMaxFaces], verdict.Reasons);
        Assert.Contains("3 faces", verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EnrolmentGate_ScoreNamedOrNot_ScoreAloneOrTheServers()
    {
        var options = new VisionOptions();

        Assert.Same(options.Enrolment, options.EnrolmentGate(null));
        Assert.Equal(QualityGate.OfScore(0.25f), options.EnrolmentGate(0.25f));
        Assert.Equal(QualityGate.OfScore(0), options.EnrolmentGate(0));
    }

    private static PhotoAnalysis Photo(int faces, params QualityReason[] reasons) => new()
    {
        Width = 100,
        Height = 100,
        FacesFound = faces,
        Faces = faces == 0
            ? []
            : [
                new AnalyzedFace
                {
                    Box = default,
                    Landmarks = default,
                    Confidence = 1,
                    Quality = new FaceQuality { Score = 1, Sharpness = 1, Brightness = 1, Yaw = 0, Pitch = 0, Roll = 0, Reasons = reasons },
                    Crop = default,
                },
            ],
        Decoding = default,
        Detecting = default,
        Aligning = default,
    };
}
