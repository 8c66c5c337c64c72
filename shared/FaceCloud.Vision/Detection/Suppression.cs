using FaceCloud.Contracts;

namespace FaceCloud.Vision.Detection;

/// <summary>Greedy non-maximum suppression: of boxes that overlap too much, the surest stays.</summary>
internal static class Suppression
{
    /// <summary>Reduces <paramref name="faces"/> to those kept, surest first. Equal scores keep the order they came in.</summary>
    /// <param name="faces">Changed in place.</param>
    /// <param name="overlap">A face goes when its intersection over union with a surer one is greater than this.</param>
    public static void Apply(List<DetectedFace> faces, float overlap)
    {
        SortStably(faces, static (a, b) => b.Score.CompareTo(a.Score));

        var kept = 0;
        for (var i = 0; i < faces.Count; i++)
        {
            var candidate = faces[i];
            var free = true;
            for (var k = 0; k < kept && free; k++)
            {
                free = IntersectionOverUnion(candidate.Box, faces[k].Box) <= overlap;
            }

            if (free)
            {
                faces[kept++] = candidate;
            }
        }

        faces.RemoveRange(kept, faces.Count - kept);
    }

    /// <summary>Largest box first; equal ones surest first, then in the order they came in.</summary>
    public static void SortBySize(List<DetectedFace> faces) => SortStably(faces, static (a, b) =>
    {
        var size = (b.Box.Width * b.Box.Height).CompareTo(a.Box.Width * a.Box.Height);
        return size != 0 ? size : b.Score.CompareTo(a.Score);
    });

    /// <summary>Area shared by both over area covered by either; 0 when there is none.</summary>
    public static float IntersectionOverUnion(in FaceBox a, in FaceBox b)
    {
        var width = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
        var height = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var shared = width * height;
        return shared / ((a.Width * a.Height) + (b.Width * b.Height) - shared);
    }

    // List.Sort may swap equals, and the same photo must give the same ordinals every time.
    private static void SortStably(List<DetectedFace> faces, Comparison<DetectedFace> compare)
    {
        var order = new (DetectedFace Face, int Index)[faces.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (faces[i], i);
        }

        Array.Sort(order, (a, b) =>
        {
            var first = compare(a.Face, b.Face);
            return first != 0 ? first : a.Index.CompareTo(b.Index);
        });
        for (var i = 0; i < order.Length; i++)
        {
            faces[i] = order[i].Face;
        }
    }
}
