using System.Numerics;
using System.Numerics.Tensors;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>
/// Whether a face looks like a woman's or a man's, so that hair and neck go with it. The crops carry no such label; a few weak signs that can be
/// seen in the model's picture of a person are added up instead, and what they say of most persons is taught to a linear discriminant over an
/// encoder's embeddings, which corrects them where one picture misleads.
/// </summary>
public static class ApparentSex
{
    private const double Ridge = 0.001;

    // Of all persons, from either end: those the signs are sure of.
    private const float Sure = 0.35f;

    // Boxes of the mean shape: left, top, right, bottom.
    private static readonly (int Left, int Top, int Right, int Bottom)[] Patches =
    [
        (32, 74, 42, 86), (78, 74, 88, 86), (46, 32, 74, 42), // skin
        (50, 91, 70, 101), // lips
        (50, 83, 70, 88), (50, 106, 70, 113), (34, 98, 42, 106), (78, 98, 86, 106), // where a beard grows
        (34, 43, 50, 48), (70, 43, 86, 48), (34, 50, 50, 53), (70, 50, 86, 53), // brows, lids
        (2, 86, 14, 106), (106, 86, 118, 106), (44, 1, 76, 7), // beside the jaw, above the forehead
    ];

    /// <summary>A score a person, mean 0; above 0 like a woman.</summary>
    /// <param name="model">The persons.</param>
    /// <param name="embeddings">Unit length, one for each of them.</param>
    public static float[] Score(FaceModel model, float[][] embeddings)
    {
        var patches = new PatchReader(model, Patches);
        var signs = model.Persons.Select(person => Signs(patches.Read(person))).ToArray();
        var seen = new float[signs.Length];
        for (var sign = 0; sign < signs[0].Length; sign++)
        {
            TensorPrimitives.Add(seen, InDeviations([.. signs.Select(s => s[sign])]), seen);
        }

        var taught = InDeviations(Discriminant(seen, embeddings));
        TensorPrimitives.Add(taught, InDeviations(seen), taught);
        return taught;
    }

    private static float[] InDeviations(float[] values)
    {
        var (mean, deviation) = (TensorPrimitives.Average<float>(values), TensorPrimitives.StdDev<float>(values));
        return [.. values.Select(v => (v - mean) / Math.Max(deviation, 1e-6f))];
    }

    // Fisher 1936: (Σ + λ)⁻¹ (mean of the one − mean of the other).
    private static float[] Discriminant(float[] seen, float[][] embeddings)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var order = Enumerable.Range(0, seen.Length).OrderBy(i => seen[i]).ToArray();
        var sure = Math.Max(1, (int)(seen.Length * Sure));
        var dimension = embeddings[0].Length;
        var all = PhotoTensor.Copy([.. embeddings.SelectMany(e => e)], embeddings.Length, dimension);
        all -= all.mean([0], keepdim: true);
        var men = all.index_select(0, tensor([.. order[..sure].Select(i => (long)i)]));
        var women = all.index_select(0, tensor([.. order[^sure..].Select(i => (long)i)]));
        var scatter = all.t().mm(all) / Number.Of(seen.Length);
        var direction = linalg.solve(scatter + (eye(dimension) * Number.Of(Ridge)), (women.mean([0]) - men.mean([0])).unsqueeze(1));
        return all.mm(direction).contiguous().data<float>().ToArray();
    }

    // Each is more for a woman on average: redder lips, no beard's shadow, thinner brows and darker lashes, hair beside the jaw.
    private static float[] Signs(Vector3[] p)
    {
        var skin = (p[0] + p[1] + p[2]) / 3;
        var lips = p[3];
        var beard = (p[4] + p[5] + p[6] + p[7]) / 4;
        return
        [
            (lips.X / lips.Y) - (skin.X / skin.Y),
            Colour.Luma(beard) / Colour.Luma(skin),
            Colour.Luma(p[8] + p[9] - p[10] - p[11]) / Colour.Luma(skin),
            -Vector3.Distance((p[12] + p[13]) / 2, p[14]),
        ];
    }
}
