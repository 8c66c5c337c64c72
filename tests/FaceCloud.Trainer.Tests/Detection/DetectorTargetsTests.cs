using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Detection;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class DetectorTargetsTests
{
    private const int Side = 64;
    private const int Cells = 64 + 16 + 4;

    [Fact]
    public void Constructor_SmallFace_BelongsToTheFineCellsAroundItsCentre()
    {
        // Centre (20, 28), size 24: within min(1.25 × 8, max(0.75 × 8, 0.5 × 24)) = 10 lie columns 16 and 24, rows 24 and 32.
        var targets = new DetectorTargets(Side, [[Face(20, 28, 24, 24)]]);

        Assert.Equal(Cells, targets.CellsPerScene);
        Assert.Equal([(3 * 8) + 2, (3 * 8) + 3, (4 * 8) + 2, (4 * 8) + 3], targets.Cells);
        Assert.Equal([16, 24, 8, 24, 24, 8, 16, 32, 8, 24, 32, 8], targets.Origins);
        Assert.Equal(4, targets.Faces.Sum());
        Assert.All(targets.Cells, cell => Assert.Equal(1, targets.Faces[cell]));
        Assert.All(targets.Weights, weight => Assert.Equal(1, weight));
        Assert.Equal([20, 28, 24, 24], targets.Boxes[..4]);
        Assert.Equal([17, 25, 23, 25, 20, 28, 18, 31, 22, 31], targets.Points[..10]);
    }

    [Fact]
    public void Constructor_TinyFace_ReachesLessFar()
    {
        // Size 10: within max(6, 5) = 6 of (20, 28) lie columns 16 and 24, row 24 and 32 (4 away each).
        var near = new DetectorTargets(Side, [[Face(20, 28, 10, 10)]]);
        // Of (16, 24): the cell itself only, its neighbours are 8 away.
        var on = new DetectorTargets(Side, [[Face(16, 24, 10, 10)]]);

        Assert.Equal(4, near.Cells.Length);
        Assert.Equal([(3 * 8) + 2], on.Cells);
    }

    [Fact]
    public void Constructor_FaceBetweenTwoStrides_BelongsToBoth()
    {
        // Size 64: strides 8 (under 80) and 16 (from 56), not 32 (from 180). In the second scene, so cells start at 84.
        var targets = new DetectorTargets(Side, [[], [Face(32, 32, 64, 64)]]);

        var strides = targets.Origins.Where((_, i) => i % 3 == 2).ToArray();
        Assert.Equal([8, 16], strides.Distinct());
        Assert.Equal(9, strides.Count(stride => stride == 8));
        Assert.Equal(9, strides.Count(stride => stride == 16));
        Assert.All(targets.Cells, cell => Assert.InRange(cell, Cells, (2 * Cells) - 1));
        Assert.Contains(Cells + 64 + (2 * 4) + 2, targets.Cells);
    }

    [Fact]
    public void Constructor_UnsureRegion_WeighsNothingExceptUnderAFace()
    {
        var unsure = new SceneFace(new FaceBox(0, 0, 30, 30), default, Unsure: true);

        var targets = new DetectorTargets(Side, [[unsure, Face(20, 28, 24, 24)]]);

        // Of 4 × 4 fine cells under the region, (16, 24) and (24, 24) answer for the face.
        Assert.Equal(14, targets.Weights[..64].Count(weight => weight == 0));
        Assert.Equal(1, targets.Weights[(3 * 8) + 2]);
        Assert.Equal(1, targets.Weights[(3 * 8) + 3]);
        Assert.Equal(4, targets.Weights[64..80].Count(weight => weight == 0));
        Assert.Equal(1, targets.Weights[80..].Count(weight => weight == 0));
        Assert.Equal(4, targets.Cells.Length);
    }

    [Fact]
    public void Constructor_TwoFacesOnOneCell_TheSmallerGetsIt()
    {
        var targets = new DetectorTargets(Side, [[Face(22, 30, 14, 14), Face(20, 28, 40, 40)]]);

        var owner = targets.Cells.Index().Single(cell => cell.Item == (3 * 8) + 2).Index;
        Assert.Equal(14, targets.Boxes[(owner * 4) + 2]);
    }

    private static SceneFace Face(float x, float y, float width, float height) => new(
        new FaceBox(x - (width / 2), y - (height / 2), width, height),
        new FaceLandmarks(new Vector2(x - 3, y - 3), new Vector2(x + 3, y - 3), new Vector2(x, y), new Vector2(x - 2, y + 3), new Vector2(x + 2, y + 3)),
        Unsure: false);
}
