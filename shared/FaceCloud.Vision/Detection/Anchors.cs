using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Numerics;

namespace FaceCloud.Vision.Detection;

/// <summary>Reads one stride of a YuNet-shaped output (shared models: cls, obj, bbox, kps a cell, row by row).</summary>
internal static class Anchors
{
    /// <summary>
    /// score = cls * obj; centre = (bbox0, bbox1) * stride + cell; size = exp(bbox2, bbox3) * stride;
    /// point k = (kps2k, kps2k+1) * stride + cell, with cell the cell's top left corner. Cells below the threshold,
    /// or with a score, box or point that is not finite, are left out.
    /// </summary>
    public static void Read(
        int stride,
        int cellsPerRow,
        ReadOnlySpan<float> classes,
        ReadOnlySpan<float> objects,
        ReadOnlySpan<float> boxes,
        ReadOnlySpan<float> points,
        float threshold,
        List<DetectedFace> faces)
    {
        for (var i = 0; i < classes.Length; i++)
        {
            var score = classes[i] * objects[i];
            if (!(score >= threshold))
            {
                continue;
            }

            var cell = new Vector2(i % cellsPerRow * stride, i / cellsPerRow * stride);
            var box = boxes.Slice(i * 4, 4);
            var width = MathF.Exp(box[2]) * stride;
            var height = MathF.Exp(box[3]) * stride;
            var x = (box[0] * stride) + cell.X - (width / 2);
            var y = (box[1] * stride) + cell.Y - (height / 2);
            var kps = points.Slice(i * 2 * FaceLandmarks.Count, 2 * FaceLandmarks.Count);
            if (!float.IsFinite(x + y + width + height) || !Vectors.IsFinite(kps))
            {
                continue;
            }

            faces.Add(new DetectedFace(
                new FaceBox(x, y, width, height),
                new FaceLandmarks(
                    Point(kps, 0, stride, cell),
                    Point(kps, 1, stride, cell),
                    Point(kps, 2, stride, cell),
                    Point(kps, 3, stride, cell),
                    Point(kps, 4, stride, cell)),
                score));
        }
    }

    private static Vector2 Point(ReadOnlySpan<float> kps, int k, int stride, Vector2 cell) =>
        (new Vector2(kps[2 * k], kps[(2 * k) + 1]) * stride) + cell;
}
