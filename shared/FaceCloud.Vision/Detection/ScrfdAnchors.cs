using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Numerics;

namespace FaceCloud.Vision.Detection;

/// <summary>Reads one stride of an SCRFD-shaped output (Guo et al., "Sample and Computation Redistribution for Efficient Face Detection", 2021).</summary>
internal static class ScrfdAnchors
{
    /// <summary>
    /// Every cell has the same number of rows, one after the other, all from its top left corner: bbox are the distances to
    /// the left, upper, right and lower edge and kps the way to each point, both times the stride; score is a probability already.
    /// Rows below the threshold, or with a score, box or point that is not finite, or a box turned inside out, are left out.
    /// </summary>
    public static void Read(
        int stride,
        int cellsPerRow,
        int anchors,
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> boxes,
        ReadOnlySpan<float> points,
        float threshold,
        List<DetectedFace> faces)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] >= threshold))
            {
                continue;
            }

            var index = i / anchors;
            var cell = new Vector2(index % cellsPerRow * stride, index / cellsPerRow * stride);
            var box = boxes.Slice(i * 4, 4);
            var kps = points.Slice(i * 2 * FaceLandmarks.Count, 2 * FaceLandmarks.Count);
            var (width, height) = ((box[0] + box[2]) * stride, (box[1] + box[3]) * stride);
            if (!Vectors.IsFinite(box) || !Vectors.IsFinite(kps) || !float.IsFinite(scores[i]) || !(width > 0) || !(height > 0))
            {
                continue;
            }

            faces.Add(new DetectedFace(
                new FaceBox(cell.X - (box[0] * stride), cell.Y - (box[1] * stride), width, height),
                new FaceLandmarks(
                    Point(kps, 0, stride, cell),
                    Point(kps, 1, stride, cell),
                    Point(kps, 2, stride, cell),
                    Point(kps, 3, stride, cell),
                    Point(kps, 4, stride, cell)),
                scores[i]));
        }
    }

    private static Vector2 Point(ReadOnlySpan<float> kps, int k, int stride, Vector2 cell) =>
        (new Vector2(kps[2 * k], kps[(2 * k) + 1]) * stride) + cell;
}
