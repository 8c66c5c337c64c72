using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// Loss of a batch: whether a cell answers for a face (cross-entropy over all cells), how well its box fits (cross-entropy to the box's
/// own overlap, so that suppression keeps the best box), the box (EIoU, Zhang et al. 2022) and the landmarks (smooth L1, in parts of the
/// face's size). The first is summed and all are divided by the number of cells that answer for a face.
/// </summary>
public static class DetectorLoss
{
    // Below this share of the face's size the landmarks' loss is quadratic.
    private const double LandmarkBeta = 0.01;
    private const double LargestLogSize = 6;
    private const double Tiny = 1e-7;

    /// <summary>The network's maps as float32[cells, 16], in the order of <see cref="DetectorTargets"/>.</summary>
    public static Tensor Flatten(IReadOnlyList<Tensor> maps) =>
        cat([.. maps.Select(map => map.flatten(2).transpose(1, 2))], dim: 1).reshape(-1, DetectorArchitecture.Outputs);

    /// <summary>Centre x, y, width, height in pixels from the numbers of cells: what FaceCloud.Vision does.</summary>
    /// <param name="cells">[P,16].</param>
    /// <param name="origins">[P,3]: x, y, stride.</param>
    public static Tensor DecodeBoxes(Tensor cells, Tensor origins)
    {
        var stride = origins.narrow(1, 2, 1);
        var centre = (cells.narrow(1, 2, 2) * stride) + origins.narrow(1, 0, 2);
        var size = cells.narrow(1, 4, 2).clamp(Number.Of(-LargestLogSize), Number.Of(LargestLogSize)).exp() * stride;
        return cat([centre, size], dim: 1);
    }

    /// <summary>x and y of five points in pixels, [P,10].</summary>
    public static Tensor DecodePoints(Tensor cells, Tensor origins) =>
        (cells.narrow(1, 6, 10) * origins.narrow(1, 2, 1)) + origins.narrow(1, 0, 2).repeat(1, 5);

    /// <summary>Intersection over union of boxes (centre x, y, width, height), row by row.</summary>
    public static Tensor Overlap(Tensor boxes, Tensor others)
    {
        var (low, high) = Corners(boxes);
        var (otherLow, otherHigh) = Corners(others);
        var shared = (minimum(high, otherHigh) - maximum(low, otherLow)).clamp_min(Number.Of(0)).prod(1);
        return shared / (boxes.narrow(1, 2, 2).prod(1) + others.narrow(1, 2, 2).prod(1) - shared + Number.Of(Tiny));
    }

    /// <summary>
    /// 1 − IoU + ρ²(centres)/c² + Δw²/cw² + Δh²/ch², with cw × ch the smallest box about both and c its diagonal; row by row.
    /// </summary>
    public static Tensor BoxLoss(Tensor boxes, Tensor targets)
    {
        var (low, high) = Corners(boxes);
        var (otherLow, otherHigh) = Corners(targets);
        var around = maximum(high, otherHigh) - minimum(low, otherLow);
        var squared = around.square() + Number.Of(Tiny);
        var centres = (boxes.narrow(1, 0, 2) - targets.narrow(1, 0, 2)).square().sum(1) / squared.sum(1);
        var sizes = ((boxes.narrow(1, 2, 2) - targets.narrow(1, 2, 2)).square() / squared).sum(1);
        return Number.Of(1) - Overlap(boxes, targets) + centres + sizes;
    }

    /// <summary>Smooth L1 of the points' distances in parts of the face's size, mean of the ten numbers; row by row.</summary>
    public static Tensor LandmarkLoss(Tensor points, Tensor targets, Tensor targetBoxes)
    {
        var size = targetBoxes.narrow(1, 2, 2).prod(1, keepdim: true).sqrt();
        var error = ((points - targets) / size).abs();
        return where(error < Number.Of(LandmarkBeta), error.square() / Number.Of(2 * LandmarkBeta), error - Number.Of(LandmarkBeta / 2)).mean([1]);
    }

    /// <param name="maps">Of the network.</param>
    /// <param name="targets">Of the same scenes.</param>
    /// <param name="weights">How the parts are added.</param>
    public static DetectorLossResult Compute(IReadOnlyList<Tensor> maps, DetectorTargets targets, DetectorLossWeights weights)
    {
        var all = Flatten(maps);
        var positives = targets.Cells;
        var count = Math.Max(1, positives.Length);
        var answers = PhotoTensor.Copy(targets.Faces, targets.Faces.Length);
        var classes = nn.functional.binary_cross_entropy_with_logits(
            all.select(1, 0),
            answers,
            PhotoTensor.Copy(targets.Weights, targets.Weights.Length) * (answers + ((Number.Of(1) - answers) * Number.Of(weights.Background))),
            nn.Reduction.Sum) / Number.Of(count);
        if (positives.Length == 0)
        {
            var none = zeros(1);
            return new DetectorLossResult(classes * Number.Of(weights.Class), classes, none, none, none);
        }

        var cells = all.index_select(0, tensor(positives));
        var origins = PhotoTensor.Copy(targets.Origins, count, 3);
        var faces = PhotoTensor.Copy(targets.Boxes, count, 4);
        var boxes = DecodeBoxes(cells, origins);
        var overlap = Overlap(boxes, faces).detach().clamp(Number.Of(0), Number.Of(1));
        var fit = nn.functional.binary_cross_entropy_with_logits(cells.select(1, 1), overlap);
        var box = BoxLoss(boxes, faces).mean();
        var landmarks = LandmarkLoss(DecodePoints(cells, origins), PhotoTensor.Copy(targets.Points, count, 10), faces).mean();
        var total = (classes * Number.Of(weights.Class)) + (fit * Number.Of(weights.Fit))
            + (box * Number.Of(weights.Box)) + (landmarks * Number.Of(weights.Landmarks));
        return new DetectorLossResult(total, classes, fit, box, landmarks);
    }

    private static (Tensor Low, Tensor High) Corners(Tensor boxes)
    {
        var (centre, half) = (boxes.narrow(1, 0, 2), boxes.narrow(1, 2, 2) / Number.Of(2));
        return (centre - half, centre + half);
    }
}
