using FaceCloud.Numerics;
using FaceCloud.Trainer.Calibration;

namespace FaceCloud.Trainer.Tests.Support;

/// <summary>Embeddings of nobody: a random direction a person, and noise a photo.</summary>
public static class MadePersons
{
    /// <param name="persons">Named p0, p1, ….</param>
    /// <param name="photos">Of each person.</param>
    /// <param name="noise">Deviation of each number of a photo, by its place; a direction's numbers have deviation 1.</param>
    /// <param name="seed">Same seed, same persons.</param>
    /// <param name="dimension">Numbers of an embedding.</param>
    public static LabelledEmbeddings Draw(int persons, int photos, Func<int, double> noise, int seed = 1, int dimension = 16)
    {
        var random = new Random(seed);
        var values = new List<float[]>();
        for (var person = 0; person < persons; person++)
        {
            var centre = Enumerable.Range(0, dimension).Select(_ => Normal(random)).ToArray();
            for (var photo = 0; photo < photos; photo++)
            {
                var embedding = centre.Select((value, k) => (float)(value + (noise(k) * Normal(random)))).ToArray();
                Vectors.Normalize(embedding);
                values.Add(embedding);
            }
        }

        var person1 = Enumerable.Range(0, persons * photos).Select(i => i / photos).ToArray();
        return Of(person1, values);
    }

    /// <summary>Given embeddings, whose length may be any.</summary>
    public static LabelledEmbeddings Of(int[] person, IReadOnlyList<float[]> values) => new(
        new LabelledPhotos(
            [.. Enumerable.Range(0, person.Length)], person, [.. Enumerable.Range(0, person.Length).Select(i => $"photo{i}")], [.. Enumerable.Range(0, person.Max() + 1).Select(p => $"p{p}")]),
        values);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
