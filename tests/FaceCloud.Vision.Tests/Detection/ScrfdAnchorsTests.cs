using System.Numerics;
using FaceCloud.Vision.Detection;

namespace FaceCloud.Vision.Tests.Detection;

public sealed class ScrfdAnchorsTests
{
    [Fact]
    public void Read_SecondAnchorOfACell_BoxAndPointsFromItsCorner()
    {
        // Stride 16, three cells a row, two rows a cell: row 9 is the second of cell 4, whose corner is (16, 16).
        var faces = Read(row: 9, 0.72f, [0.5f, 1, 1.5f, 2], [0, 0, 1, 0, 0.5f, 0.5f, 0, 1, 1, 1]);

        var face = Assert.Single(faces);
        Assert.Equal(0.72f, face.Score);
        Assert.Equal((8, 0, 32, 48), (face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height));
        Assert.Equal(
            new FaceLandmarks(new Vector2(16, 16), new Vector2(32, 16), new Vector2(24, 24), new Vector2(16, 32), new Vector2(32, 32)),
            face.Landmarks);
    }

    [Theory]
    [InlineData(0.5f, true)]
    [InlineData(0.49f, false)]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    public void Read_Score_ThresholdIsInclusive(float score, bool found) =>
        Assert.Equal(found, Read(row: 0, score, [1, 1, 1, 1], new float[10]).Count == 1);

    [Theory]
    [InlineData(float.NaN, 0f)]
    [InlineData(float.PositiveInfinity, 0f)]
    [InlineData(-1f, 0f)]
    [InlineData(1f, float.NegativeInfinity)]
    public void Read_BoxOrPointThatCannotBe_IsLeftOut(float left, float point)
    {
        var points = new float[10];
        points[7] = point;

        Assert.Empty(Read(row: 0, 1, [left, 1, 1, 1], points));
    }

    private static List<DetectedFace> Read(int row, float score, float[] box, float[] points)
    {
        const int rows = 12;
        var (scores, boxes, kps) = (new float[rows], new float[rows * 4], new float[rows * 10]);
        scores[row] = score;
        box.CopyTo(boxes, row * 4);
        points.CopyTo(kps, row * 10);
        var faces = new List<DetectedFace>();
        ScrfdAnchors.Read(stride: 16, cellsPerRow: 3, anchors: 2, scores, boxes, kps, threshold: 0.5f, faces);
        return faces;
    }
}
