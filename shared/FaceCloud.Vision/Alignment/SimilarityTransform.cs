using System.Numerics;

namespace FaceCloud.Vision.Alignment;

/// <summary>
/// Turn, scale and shift, no mirror: x' = A x - B y + X, y' = B x + A y + Y, so scale = sqrt(A² + B²) and
/// angle = atan2(B, A).
/// </summary>
internal readonly record struct SimilarityTransform(double A, double B, double X, double Y)
{
    public double Scale => Math.Sqrt((A * A) + (B * B));

    /// <summary>
    /// The transform that brings <paramref name="from"/> closest to <paramref name="to"/> in the sum of squares
    /// (Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI 1991,
    /// without reflection). In the plane that is linear regression of complex numbers:
    /// A + iB = sum(conj(p) q) / sum(|p|²) of the centred points.
    /// </summary>
    /// <returns>False when all source points coincide or a coordinate is not finite: then there is none.</returns>
    public static bool TryFit(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to, out SimilarityTransform transform)
    {
        transform = default;
        double fromX = 0, fromY = 0, toX = 0, toY = 0;
        for (var i = 0; i < from.Length; i++)
        {
            fromX += from[i].X;
            fromY += from[i].Y;
            toX += to[i].X;
            toY += to[i].Y;
        }

        fromX /= from.Length;
        fromY /= from.Length;
        toX /= from.Length;
        toY /= from.Length;

        double dot = 0, cross = 0, spread = 0;
        for (var i = 0; i < from.Length; i++)
        {
            var (px, py) = (from[i].X - fromX, from[i].Y - fromY);
            var (qx, qy) = (to[i].X - toX, to[i].Y - toY);
            dot += (px * qx) + (py * qy);
            cross += (px * qy) - (py * qx);
            spread += (px * px) + (py * py);
        }

        var (a, b) = (dot / spread, cross / spread);
        if (!double.IsFinite(a) || !double.IsFinite(b) || (a == 0 && b == 0))
        {
            return false;
        }

        transform = new SimilarityTransform(a, b, toX - ((a * fromX) - (b * fromY)), toY - ((b * fromX) + (a * fromY)));
        return true;
    }

    public (double X, double Y) Apply(double x, double y) => ((A * x) - (B * y) + X, (B * x) + (A * y) + Y);

    public SimilarityTransform Invert()
    {
        var square = (A * A) + (B * B);
        var (a, b) = (A / square, -B / square);
        return new SimilarityTransform(a, b, -((a * X) - (b * Y)), -((b * X) + (a * Y)));
    }
}
