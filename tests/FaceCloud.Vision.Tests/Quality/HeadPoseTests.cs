using System.Numerics;
using FaceCloud.Vision.Quality;

namespace FaceCloud.Vision.Tests.Quality;

public sealed class HeadPoseTests
{
    // A head of our own, in millimetres: pupils 63 apart, nose 30 before them, mouth 7. x right, y down, z away.
    private static readonly Vector3[] Head =
    [
        new(-31.5f, -36, 0), new(31.5f, -36, 0), new(0, 7, -30), new(-26, 36.5f, -7), new(26, 36.5f, -7),
    ];

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(30, 0, 0)]
    [InlineData(-45, 0, 0)]
    [InlineData(0, 20, 0)]
    [InlineData(0, -25, 0)]
    [InlineData(0, 0, 40)]
    [InlineData(0, 0, -90)]
    [InlineData(0, 0, 179)]
    [InlineData(25, 10, 120)]
    public void Estimate_TurnedHead_FindsTheTurn(float yaw, float pitch, float roll)
    {
        var pose = HeadPose.Estimate(Project(yaw, pitch, roll, scale: 1.5f));

        Assert.Equal(yaw, pose.Yaw, 5f);
        Assert.Equal(pitch, pose.Pitch, 5f);
        Assert.Equal(0, MathF.IEEERemainder(pose.Roll - roll, 360), 5f);
    }

    [Fact]
    public void Estimate_NoseTowardsPicturesRight_YawPositive()
    {
        var pose = HeadPose.Estimate(new FaceLandmarks(new(38, 51), new(73, 51), new(64, 76), new(41, 92), new(70, 92)));

        Assert.InRange(pose.Yaw, 10, 45);
    }

    [Fact]
    public void Estimate_AnySizeAndPlace_SamePose()
    {
        var small = HeadPose.Estimate(Project(20, 5, 10, scale: 0.2f));
        var large = HeadPose.Estimate(Project(20, 5, 10, scale: 20));

        Assert.Equal(small.Yaw, large.Yaw, 0.01f);
        Assert.Equal(small.Pitch, large.Pitch, 0.01f);
        Assert.Equal(small.Roll, large.Roll, 0.01f);
    }

    [Fact]
    public void Estimate_LandmarksCoincide_NaN()
    {
        var pose = HeadPose.Estimate(default);

        Assert.True(float.IsNaN(pose.Yaw) && float.IsNaN(pose.Pitch) && float.IsNaN(pose.Roll));
    }

    [Theory]
    [InlineData(10, 180, -170)]
    [InlineData(-10, 180, 170)]
    [InlineData(100, 90, -170)]
    [InlineData(5, 0, 5)]
    public void Turn_PastHalfATurn_StaysWithin180(float roll, float turn, float expected)
    {
        Assert.Equal(expected, new HeadPose(0, 0, roll).Turn(turn).Roll, 1e-3f);
    }

    /// <summary>From far away: turned about the vertical, then the horizontal, then in the picture.</summary>
    private static FaceLandmarks Project(float yaw, float pitch, float roll, float scale)
    {
        var (sinYaw, cosYaw) = MathF.SinCos(yaw * MathF.PI / 180);
        var (sinPitch, cosPitch) = MathF.SinCos(pitch * MathF.PI / 180);
        var (sinRoll, cosRoll) = MathF.SinCos(roll * MathF.PI / 180);
        var points = Head.Select(point =>
        {
            var (y, z) = ((point.Y * cosPitch) - (point.Z * sinPitch), (point.Y * sinPitch) + (point.Z * cosPitch));
            var x = (point.X * cosYaw) - (z * sinYaw);
            return (new Vector2((x * cosRoll) - (y * sinRoll), (x * sinRoll) + (y * cosRoll)) * scale) + new Vector2(300, 200);
        }).ToArray();
        return new FaceLandmarks(points[0], points[1], points[2], points[3], points[4]);
    }
}
