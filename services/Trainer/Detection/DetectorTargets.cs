using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// What the cells of a batch of square scenes should say. Cells are counted scene by scene, in each by stride (8, 16, 32), in each row by
/// row; a cell's place is its upper left corner, which is where FaceCloud.Vision counts boxes and points from and also the centre of what
/// the strided convolutions look at.
/// </summary>
public sealed class DetectorTargets
{
    /// <summary>
    /// Sizes (root of the area, pixels) that each stride answers for. They overlap; suppression takes one of two boxes. Fine strides go far
    /// up: they place landmarks better, and what they need to see of a large face comes down the pyramid.
    /// </summary>
    private static readonly (float Smallest, float Largest)[] Sizes = [(0, 80), (56, 288), (180, float.PositiveInfinity)];

    // A face is answered for by the cells around its centre: within so many strides, and within so much of its size where it is small.
    private const float Reach = 1.25f;
    private const float LeastReach = 0.75f;
    private const float ReachOfSize = 0.5f;

    private readonly List<long> _cells = [];
    private readonly List<float> _origins = [];
    private readonly List<float> _boxes = [];
    private readonly List<float> _points = [];

    public DetectorTargets(int side, IReadOnlyList<IReadOnlyList<SceneFace>> scenes)
    {
        CellsPerScene = DetectorArchitecture.Strides.Sum(stride => side / stride * (side / stride));
        Faces = new float[scenes.Count * CellsPerScene];
        Weights = new float[scenes.Count * CellsPerScene];
        Array.Fill(Weights, 1);
        for (var scene = 0; scene < scenes.Count; scene++)
        {
            var start = scene * CellsPerScene;
            for (var level = 0; level < DetectorArchitecture.Strides.Count; level++)
            {
                var stride = DetectorArchitecture.Strides[level];
                Assign(scenes[scene], level, stride, side / stride, start);
                start += side / stride * (side / stride);
            }
        }
    }

    public int CellsPerScene { get; }

    /// <summary>1 where a cell answers for a face, else 0.</summary>
    public float[] Faces { get; }

    /// <summary>0 where neither answer is wrong, else 1.</summary>
    public float[] Weights { get; }

    /// <summary>The cells that answer for a face.</summary>
    public long[] Cells => [.. _cells];

    /// <summary>x, y and stride of each of <see cref="Cells"/>.</summary>
    public float[] Origins => [.. _origins];

    /// <summary>Centre x and y, width and height of the face of each.</summary>
    public float[] Boxes => [.. _boxes];

    /// <summary>x and y of the five points of each.</summary>
    public float[] Points => [.. _points];

    private void Assign(IReadOnlyList<SceneFace> faces, int level, int stride, int cellsPerRow, int start)
    {
        foreach (var face in faces.Where(face => face.Unsure))
        {
            ForCells(face.Box.X, face.Box.Y, face.Box.X + face.Box.Width, face.Box.Y + face.Box.Height, (x, y) => Weights[start + (y * cellsPerRow) + x] = 0);
        }

        // Where two faces claim a cell the smaller one gets it: it has fewer.
        var owners = new Dictionary<int, SceneFace>();
        foreach (var face in faces.Where(face => !face.Unsure).OrderByDescending(face => face.Box.Width * face.Box.Height))
        {
            var size = MathF.Sqrt(face.Box.Width * face.Box.Height);
            if (size < Sizes[level].Smallest || size >= Sizes[level].Largest)
            {
                continue;
            }

            var reach = Math.Min(Reach * stride, Math.Max(LeastReach * stride, ReachOfSize * size));
            var (centreX, centreY) = (face.Box.X + (face.Box.Width / 2), face.Box.Y + (face.Box.Height / 2));
            ForCells(centreX - reach, centreY - reach, centreX + reach, centreY + reach, (x, y) => owners[start + (y * cellsPerRow) + x] = face);
        }

        foreach (var (cell, face) in owners.OrderBy(owner => owner.Key))
        {
            Faces[cell] = 1;
            Weights[cell] = 1;
            Add(cell, (cell - start) % cellsPerRow * stride, (cell - start) / cellsPerRow * stride, stride, face.Box, face.Landmarks);
        }

        void ForCells(float left, float top, float right, float bottom, Action<int, int> action)
        {
            for (var y = Math.Max(0, (int)MathF.Ceiling(top / stride)); y <= Math.Min(cellsPerRow - 1, (int)MathF.Floor(bottom / stride)); y++)
            {
                for (var x = Math.Max(0, (int)MathF.Ceiling(left / stride)); x <= Math.Min(cellsPerRow - 1, (int)MathF.Floor(right / stride)); x++)
                {
                    action(x, y);
                }
            }
        }
    }

    private void Add(int cell, int x, int y, int stride, in FaceBox box, in FaceLandmarks points)
    {
        _cells.Add(cell);
        _origins.AddRange([x, y, stride]);
        _boxes.AddRange([box.X + (box.Width / 2), box.Y + (box.Height / 2), box.Width, box.Height]);
        ReadOnlySpan<Vector2> five = [points.LeftEye, points.RightEye, points.Nose, points.LeftMouth, points.RightMouth];
        foreach (var point in five)
        {
            _points.AddRange([point.X, point.Y]);
        }
    }
}
