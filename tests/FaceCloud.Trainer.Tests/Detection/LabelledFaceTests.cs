using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Detection;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class LabelledFaceTests
{
    [Theory]
    [InlineData(20f, 1f, false)]
    [InlineData(14.2f, 0.71f, false)]
    [InlineData(13.8f, 0.69f, true)]
    [InlineData(0f, 0f, true)]
    public void RelativeWidth_EyesSoFarApart_IsTheirDistanceOverTheWayToTheMouth(float eyes, float expected, bool turned)
    {
        // Twenty pixels from between the eyes to between the corners of the mouth.
        var middle = new Vector2(50, 40);
        var half = new Vector2(eyes / 2, 0);
        var mouth = middle + new Vector2(0, 20);

        var face = new LabelledFace(new FaceBox(20, 20, 60, 60), new FaceLandmarks(middle - half, middle + half, middle, mouth - half, mouth + half));

        Assert.Equal(expected, face.RelativeWidth, 1e-5f);
        Assert.Equal(turned, face.AppearsTurned);
    }

    [Fact]
    public void RelativeWidth_AllPointsOnOneSpot_IsNarrow()
    {
        var face = new LabelledFace(new FaceBox(0, 0, 10, 10), default);

        Assert.Equal(0, face.RelativeWidth);
        Assert.True(face.AppearsTurned);
    }
}
