using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Detection;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class PlacementTests
{
    [Fact]
    public void Apply_QuarterTurn_GoesClockwise()
    {
        var placement = new Placement(2, MathF.PI / 2, Mirrored: false, new Vector2(10, 10), new Vector2(100, 50));

        // What lies to the right comes to lie below.
        Assert.True(Vector2.Distance(new Vector2(100, 56), placement.Apply(new Vector2(13, 10))) < 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Undo_AppliedPoint_GivesItBack(bool mirrored)
    {
        var placement = new Placement(0.7f, 0.4f, mirrored, new Vector2(10, 20), new Vector2(100, 50));

        Assert.True(Vector2.Distance(new Vector2(33, 7), placement.Undo(placement.Apply(new Vector2(33, 7)))) < 1e-3);
    }

    [Fact]
    public void Apply_MirroredLandmarks_KeepLeftOnTheLeft()
    {
        var placement = new Placement(1, 0, Mirrored: true, new Vector2(50, 0), new Vector2(50, 0));
        var points = new FaceLandmarks(new Vector2(40, 10), new Vector2(70, 12), new Vector2(56, 20), new Vector2(45, 30), new Vector2(65, 31));

        var mirrored = placement.Apply(points);

        Assert.Equal(new FaceLandmarks(new Vector2(30, 12), new Vector2(60, 10), new Vector2(44, 20), new Vector2(35, 31), new Vector2(55, 30)), mirrored);
    }

    [Fact]
    public void Apply_QuarterTurnedBox_ChangesWidthAndHeight()
    {
        var placement = new Placement(1, MathF.PI / 2, Mirrored: false, new Vector2(20, 30), new Vector2(20, 30));

        var box = placement.Apply(new FaceBox(10, 10, 20, 40));

        Assert.Equal(0, box.X, 1e-3);
        Assert.Equal(20, box.Y, 1e-3);
        Assert.Equal(40, box.Width, 1e-3);
        Assert.Equal(20, box.Height, 1e-3);
    }
}
