using System.Numerics;

namespace FaceCloud.Vision.Quality;

/// <summary>
/// Where a face looks, estimated from its five landmarks, degrees. Yaw: towards the picture's right positive; pitch: chin down
/// positive; both as seen with the roll taken out. Roll: clockwise positive, -180..180.
/// </summary>
internal readonly record struct HeadPose(float Yaw, float Pitch, float Roll)
{
    // The template's points with depths. These follow from usual proportions: pupils 63 mm apart (35.2 template pixels),
    // nose tip about 30 mm before the plane of the eyes, corners of the mouth about 7 mm; z grows away from the camera.
    // The nose tip lies 4 pixels lower than in the template, where the detector puts it: that makes the median pitch
    // of 680 ordinary photos 0 (it was 15).
    private static readonly Vector3[] Model = Centred(
    [
        new(38.2946f, 51.6963f, 0),
        new(73.5318f, 51.5014f, 0),
        new(56.0252f, 75.7f, -17),
        new(41.5493f, 92.3655f, -4),
        new(70.7299f, 92.2041f, -4),
    ]);

    private static readonly Vector3[] Weights = LeastSquares(Model);

    /// <summary>
    /// Weak perspective: every landmark is scale * rotation * model point, seen from afar. Its two image rows follow by
    /// linear least squares (DeMenthon and Davis, "Model-based object pose in 25 lines of code", IJCV 1995, first step);
    /// the roll is taken from the first column, yaw and pitch from the rows turned back by it.
    /// </summary>
    /// <returns>NaN angles when the landmarks coincide.</returns>
    public static HeadPose Estimate(in FaceLandmarks landmarks)
    {
        Span<Vector2> points = stackalloc Vector2[FaceLandmarks.Count];
        landmarks.CopyTo(points);

        // Weights sum to zero over the points, so the points need no centring.
        var (horizontal, vertical) = (Vector3.Zero, Vector3.Zero);
        for (var i = 0; i < points.Length; i++)
        {
            horizontal += Weights[i] * points[i].X;
            vertical += Weights[i] * points[i].Y;
        }

        if (horizontal.LengthSquared() + vertical.LengthSquared() is 0 or float.NaN)
        {
            return new HeadPose(float.NaN, float.NaN, float.NaN);
        }

        // The roll that lies between what the model's x axis and its y axis say, as in a similarity fit.
        var roll = MathF.Atan2(vertical.X - horizontal.Y, horizontal.X + vertical.Y);
        var (sin, cos) = MathF.SinCos(roll);
        var across = (horizontal * cos) + (vertical * sin);
        var down = (vertical * cos) - (horizontal * sin);
        return new HeadPose(
            Degrees(MathF.Atan2(-across.Z, across.X)),
            Degrees(MathF.Atan2(-down.Z, down.Y)),
            Degrees(roll));
    }

    /// <summary>The same with the roll changed by whole turns taken out: always within -180..180.</summary>
    public HeadPose Turn(float degrees) => this with { Roll = MathF.IEEERemainder(Roll + degrees, 360) };

    private static float Degrees(float radians) => radians * 180 / MathF.PI;

    private static Vector3[] Centred(Vector3[] points)
    {
        var mean = Vector3.Zero;
        foreach (var point in points)
        {
            mean += point / points.Length;
        }

        return Array.ConvertAll(points, point => point - mean);
    }

    /// <summary>Rows of (PᵀP)⁻¹Pᵀ, one a point.</summary>
    private static Vector3[] LeastSquares(Vector3[] points)
    {
        var normal = default(Matrix4x4);
        normal.M44 = 1;
        foreach (var p in points)
        {
            normal.M11 += p.X * p.X;
            normal.M12 += p.X * p.Y;
            normal.M13 += p.X * p.Z;
            normal.M22 += p.Y * p.Y;
            normal.M23 += p.Y * p.Z;
            normal.M33 += p.Z * p.Z;
        }

        (normal.M21, normal.M31, normal.M32) = (normal.M12, normal.M13, normal.M23);
        Matrix4x4.Invert(normal, out var inverse);
        return Array.ConvertAll(points, point => Vector3.Transform(point, inverse));
    }
}
