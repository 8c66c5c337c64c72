using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Detection;
using FaceCloud.Vision;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class DetectorLossTests
{
    [Fact]
    public void DecodeBoxes_CellAtAPlace_CountsFromItsCorner()
    {
        using var cells = zeros(1, 16);
        cells[0, 2] = 0.5f;
        cells[0, 3] = -1;
        cells[0, 4] = (float)Math.Log(3);
        using var origins = tensor(new float[] { 32, 48, 16 }).view(1, 3);

        var box = DetectorLoss.DecodeBoxes(cells, origins).data<float>().ToArray();
        var points = DetectorLoss.DecodePoints(cells, origins).data<float>().ToArray();

        Assert.Equal([40, 32, 48, 16], box, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal([32, 48, 32, 48, 32, 48, 32, 48, 32, 48], points);
    }

    [Fact]
    public void Overlap_ShiftedByAQuarter_IsThreeFifths()
    {
        using var boxes = Box(10, 10, 8, 8);
        using var others = Box(12, 10, 8, 8);

        Assert.Equal(48.0 / 80, DetectorLoss.Overlap(boxes, others).item<float>(), 1e-5);
    }

    [Fact]
    public void BoxLoss_ShiftedAndNarrower_IsTheSumOfItsParts()
    {
        // 8 × 8 at (10, 10) against 4 × 8 at (12, 10): the narrow box spans 10…14 and lies inside. IoU 32/64; box about both 8 × 8, so
        // centres 2²/128, widths 4²/64, heights 0.
        using var boxes = Box(10, 10, 8, 8);
        using var targets = Box(12, 10, 4, 8);

        Assert.Equal(0.5 + (4.0 / 128) + (16.0 / 64), DetectorLoss.BoxLoss(boxes, targets).item<float>(), 1e-5);
    }

    [Fact]
    public void BoxLoss_SameBox_IsZero()
    {
        using var box = Box(10, 12, 8, 5);

        Assert.Equal(0, DetectorLoss.BoxLoss(box, box).item<float>(), 1e-5);
    }

    [Fact]
    public void LandmarkLoss_SmallAndLargeErrors_AreQuadraticAndLinearInPartsOfTheFace()
    {
        // Size 20: errors of 0.1 and 2 pixels are 0.005 and 0.1.
        using var targets = zeros(1, 10);
        using var points = zeros(1, 10);
        points[0, 0] = 0.1f;
        points[0, 3] = -2f;
        using var box = Box(0, 0, 16, 25);

        var loss = DetectorLoss.LandmarkLoss(points, targets, box).item<float>();

        Assert.Equal(((0.005 * 0.005 / 0.02) + (0.1 - 0.005)) / 10, loss, 1e-6);
    }

    [Fact]
    public void Compute_ZeroMaps_GivesHandComputedParts()
    {
        // One face of 8 × 8 pixels at (32, 32): one fine cell answers, with a box of 8 × 8 at its corner. Everything else fits too.
        var face = new SceneFace(
            new FaceBox(28, 28, 8, 8),
            new FaceLandmarks(new Vector2(32), new Vector2(32), new Vector2(32), new Vector2(32), new Vector2(32)),
            Unsure: false);
        var targets = new DetectorTargets(64, [[face]]);
        Tensor[] maps = [zeros(1, 16, 8, 8), zeros(1, 16, 4, 4), zeros(1, 16, 2, 2)];

        var loss = DetectorLoss.Compute(maps, targets, new DetectorLossWeights { Class = 1, Background = 2, Fit = 1, Box = 1, Landmarks = 1 });

        Assert.Equal([(4 * 8) + 4], targets.Cells);
        Assert.Equal(((83 * 2) + 1) * Math.Log(2), loss.Class.item<float>(), 1e-3);
        Assert.Equal(Math.Log(2), loss.Fit.item<float>(), 1e-4);
        Assert.Equal(0, loss.Box.item<float>(), 1e-4);
        Assert.Equal(0, loss.Landmarks.item<float>(), 1e-5);
        Assert.Equal(((83 * 2) + 2) * Math.Log(2), loss.Total.item<float>(), 1e-3);
    }

    [Fact]
    public void Compute_NoFace_StillLearnsBackground()
    {
        Tensor[] maps = [zeros(1, 16, 2, 2), zeros(1, 16, 1, 1), zeros(1, 16, 0, 0)];
        var maps0 = maps[0].requires_grad_();

        var loss = DetectorLoss.Compute([maps0, maps[1], maps[2]], new DetectorTargets(16, [[]]), new DetectorLossWeights { Background = 1 });
        loss.Total.backward();

        Assert.Equal(5 * Math.Log(2), loss.Total.item<float>(), 1e-4);
        // Lower scores everywhere lower the loss: sigmoid(0) − 0.
        Assert.Equal(0.5f, maps0.grad![0, 0, 1, 1].item<float>(), 1e-5);
        Assert.Equal(0, maps0.grad[0, 2].abs().sum().item<float>());
    }

    [Fact]
    public void Flatten_Maps_CountsCellsRowByRowAndStrideByStride()
    {
        var fine = arange(2 * 16 * 2 * 3, ScalarType.Float32).view(2, 16, 2, 3);
        var coarse = zeros(2, 16, 1, 1);

        var cells = DetectorLoss.Flatten([fine, coarse]);

        Assert.Equal([14, 16], cells.shape);
        // Scene 1, row 1, column 2, number 5.
        Assert.Equal(fine[1, 5, 1, 2].item<float>(), cells[7 + 5, 5].item<float>());
    }

    private static Tensor Box(float x, float y, float width, float height) => tensor(new[] { x, y, width, height }).view(1, 4);
}
