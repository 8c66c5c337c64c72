using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>
/// The two-covariance model (Brümmer and de Villiers 2010): a photo is its person, normal with covariance B, plus what only this photo has,
/// normal with covariance W.
/// </summary>
public static class PersonStatistics
{
    /// <summary>Parts each person from the photos: the most probable place of the person, m + B (B + W/n)⁻¹ (mean of n photos − m).</summary>
    /// <param name="photos">Coefficients of the photos.</param>
    /// <param name="persons">Places in <paramref name="photos"/> of each person's photos; two persons need two or more.</param>
    /// <returns>One place a person, and for each photo that has others of its person beside it, how it differs from their mean,
    /// enlarged by √(n/(n − 1)) to the size of W.</returns>
    public static (float[][] Persons, float[][] Deviations) Part(float[][] photos, IReadOnlyList<int[]> persons)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var rank = photos[0].Length;
        var means = persons.Select(person => Mean(photos, person)).ToArray();
        var several = Enumerable.Range(0, persons.Count).Where(p => persons[p].Length > 1).ToArray();
        var deviations = several.SelectMany(p => persons[p].Select(photo => Difference(photos[photo], means[p], MathF.Sqrt(persons[p].Length / (persons[p].Length - 1f))))).ToArray();

        var within = Covariance(deviations);
        var centre = Mean(means, [.. Enumerable.Range(0, means.Length)]);
        var (values, vectors) = linalg.eigh(Covariance([.. several.Select(p => Difference(means[p], centre, 1))]) - (within / Number.Of(several.Average(p => persons[p].Length))));

        // The estimate may come out slightly negative along directions in which persons do not differ.
        var between = vectors.mm(diag(values.clamp(min: Number.Of(1e-4)))).mm(vectors.t());
        var result = new float[persons.Count][];
        foreach (var sameCount in Enumerable.Range(0, persons.Count).GroupBy(p => persons[p].Length))
        {
            var places = sameCount.ToArray();
            var data = PhotoTensor.Copy([.. places.SelectMany(p => Difference(means[p], centre, 1))], places.Length, rank);
            var shrink = linalg.solve(between + (within / Number.Of(sameCount.Key)), between);
            var shrunk = data.mm(shrink).contiguous().data<float>().ToArray();
            for (var i = 0; i < places.Length; i++)
            {
                var person = shrunk.AsSpan(i * rank, rank).ToArray();
                System.Numerics.Tensors.TensorPrimitives.Add(person, centre, person);
                result[places[i]] = person;
            }
        }

        return (result, deviations);
    }

    private static Tensor Covariance(float[][] centred)
    {
        var data = PhotoTensor.Copy([.. centred.SelectMany(row => row)], centred.Length, centred[0].Length);
        return data.t().mm(data) / Number.Of(centred.Length);
    }

    private static float[] Mean(float[][] rows, int[] places)
    {
        var mean = new float[rows[0].Length];
        foreach (var place in places)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(mean, rows[place], mean);
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(mean, places.Length, mean);
        return mean;
    }

    private static float[] Difference(float[] row, float[] mean, float scale)
    {
        var result = new float[row.Length];
        System.Numerics.Tensors.TensorPrimitives.Subtract(row, mean, result);
        System.Numerics.Tensors.TensorPrimitives.Multiply(result, scale, result);
        return result;
    }
}
