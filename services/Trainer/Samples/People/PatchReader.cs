using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>Mean colours of a few boxes of a person's picture, without composing the picture: they are linear in the coefficients.</summary>
public sealed class PatchReader
{
    private readonly Vector3[][] _directions;
    private readonly Vector3[] _mean;
    private readonly int _skipped;

    public PatchReader(FaceModel model, IReadOnlyList<(int Left, int Top, int Right, int Bottom)> boxes)
    {
        var texture = model.Texture;
        _skipped = model.Shape.Rank;
        _mean = Means(texture.Mean, boxes);
        _directions = [.. Enumerable.Range(0, texture.Rank).Select(i => Means(texture.Basis.AsSpan(i * texture.Length, texture.Length), boxes).Select(m => m * texture.Deviations[i]).ToArray())];
    }

    /// <summary>One colour a box.</summary>
    public Vector3[] Read(ReadOnlySpan<float> coefficients)
    {
        var result = (Vector3[])_mean.Clone();
        for (var i = 0; i < _directions.Length; i++)
        {
            for (var box = 0; box < result.Length; box++)
            {
                result[box] += coefficients[_skipped + i] * _directions[i][box];
            }
        }

        return result;
    }

    private static Vector3[] Means(ReadOnlySpan<float> picture, IReadOnlyList<(int Left, int Top, int Right, int Bottom)> boxes)
    {
        var means = new Vector3[boxes.Count];
        for (var i = 0; i < means.Length; i++)
        {
            means[i] = Patch.Mean(picture, boxes[i].Left, boxes[i].Top, boxes[i].Right, boxes[i].Bottom);
        }

        return means;
    }
}
