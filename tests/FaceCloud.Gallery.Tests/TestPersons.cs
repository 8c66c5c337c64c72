using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests;

/// <summary>Embeddings of nobody: a random direction a person, and noise a photo.</summary>
internal static class TestPersons
{
    /// <param name="persons">How many.</param>
    /// <param name="photos">Of the person with this number.</param>
    /// <param name="noise">Deviation of a photo's numbers; a direction's have deviation 1.</param>
    /// <param name="seed">Same seed, same persons.</param>
    /// <param name="dimension">Numbers of an embedding that are not 0.</param>
    /// <param name="length">Numbers of an embedding.</param>
    /// <returns>Unit length, of each person.</returns>
    public static float[][][] Draw(int persons, Func<int, int> photos, double noise, int seed, int dimension = 64, int? length = null)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, persons).Select(person =>
            {
                var centre = Enumerable.Range(0, dimension).Select(_ => Normal(random)).ToArray();
                return Enumerable.Range(0, photos(person)).Select(_ =>
                {
                    var values = new float[length ?? dimension];
                    for (var k = 0; k < dimension; k++)
                    {
                        values[k] = (float)(centre[k] + (noise * Normal(random)));
                    }

                    return Embeddings.Normalized(values)!;
                }).ToArray();
            })
        ];
    }

    /// <summary>As the store keeps them, ids drawn too.</summary>
    public static List<FaceVector> Faces(float[][][] persons, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. persons.SelectMany((photos, person) => photos.Select(photo =>
            {
                var id = new byte[16];
                random.NextBytes(id);
                return new FaceVector(new Guid(id), $"p{person:000}", photo);
            }))
        ];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
