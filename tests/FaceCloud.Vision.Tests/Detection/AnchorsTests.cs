using System.Numerics;
using FaceCloud.Vision.Detection;

namespace FaceCloud.Vision.Tests.Detection;

public sealed class AnchorsTests
{
    [Fact]
    public void Read_OneCell_BoxAndPointsFromItsCorner()
    {
        // Stride 16, three cells a row: cell 4 has its corner at (16, 16).
        var faces = Read(cell: 4, 0.9f, 0.8f, [0.5f, 0.25f, MathF.Log(2), MathF.Log(3)], [0, 0, 1, 0, 0.5f, 0.5f, 0, 1, 1, 1]);

        var face = Assert.Single(faces);
        Assert.Equal(0.72f, face.Score, 1e-6f);
        Assert.Equal(8, face.Box.X, 1e-4f);
        Assert.Equal(-4, face.Box.Y, 1e-4f);
        Assert.Equal(32, face.Box.Width, 1e-4f);
        Assert.Equal(48, face.Box.Height, 1e-4f);
        Assert.Equal(
            new FaceLandmarks(new Vector2(16, 16), new Vector2(32, 16), new Vector2(24, 24), new Vector2(16, 32), new Vector2(32, 32)),
            face.Landmarks);
    }

    [Theory]
    [InlineData(0.5f, 1f, true)]
    [InlineData(0.49f, 1f, false)]
    [InlineData(1f, float.NaN, false)]
    public void Read_Score_ThresholdIsInclusive(float cls, float obj, bool found)
    {
        Assert.Equal(found, Read(cell: 0, cls, obj, new float[4], new float[10]).Count == 1);
    }

    [Theory]
    [InlineData(float.NaN, 0f)]
    [InlineData(100f, 0f)]
    [InlineData(0f, float.PositiveInfinity)]
    public void Read_BoxOrPointNotFinite_IsLeftOut(float logWidth, float point)
    {
        var points = new float[10];
        points[7] = point;

        Assert.Empty(Read(cell: 0, 1, 1, [0, 0, logWidth, 0], points));
    }

    private static List<DetectedFace> Read(int cell, float cls, float obj, float[] box, float[] points)
    {
        const int cells = 6;
        var (classes, objects, boxes, kps) = (new float[cells], new float[cells], new float[cells * 4], new float[cells * 10]);
        (classes[cell], objects[cell]) = (cls, obj);
        box.CopyTo(boxes, cell * 4);
        points.CopyTo(kps, cell * 10);
        var faces = new List<DetectedFace>();
        Anchors.Read(stride: 16, cellsPerRow: 3, classes, objects, boxes, kps, threshold: 0.5f, faces);
        return faces;
    }
}
