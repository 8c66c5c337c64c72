using FaceCloud.Gallery.Store;
using FaceCloud.Numerics;

namespace FaceCloud.Benchmarks.Index;

/// <summary>
/// Made-up embeddings that need no room: face i is the same whenever it is asked for. Directions are random; with more than
/// one face a person, those of a person have a cosine of about 0.64, as photos of one person have.
/// </summary>
public sealed class FaceSet(int faces, int dimension, int facesPerPerson)
{
    private const float Likeness = 0.8f;

    public int Faces => faces;

    public int Dimension => dimension;

    public int FacesPerPerson => facesPerPerson;

    public int PersonOf(long face) => (int)(face / facesPerPerson);

    public static string PersonId(int person) => $"person-{person:D7}";

    public FaceVector Face(int face)
    {
        var id = new byte[16];
        var stream = new Stream((ulong)face * 3);
        BitConverter.TryWriteBytes(id, stream.Next());
        BitConverter.TryWriteBytes(id.AsSpan(8), stream.Next());
        return new FaceVector(new Guid(id), PersonId(PersonOf(face)), Vector(PersonOf(face), (ulong)face));
    }

    /// <summary>Several faces a person: every second is another photo of somebody enrolled, the others are strangers.</summary>
    public float[][] Probes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Vector(i % 2 == 0 ? i * (faces / facesPerPerson / count) : -1 - i, ulong.MaxValue / 2 + (ulong)i))];

    /// <summary>In order, made on all cores.</summary>
    public IEnumerable<FaceVector[]> Batches(int size = 8192)
    {
        for (var first = 0; first < faces; first += size)
        {
            var batch = new FaceVector[Math.Min(size, faces - first)];
            var start = first;
            Parallel.For(0, batch.Length, i => batch[i] = Face(start + i));
            yield return batch;
        }
    }

    private float[] Vector(int person, ulong face)
    {
        var own = Direction((face * 2) + 1);
        if (facesPerPerson > 1)
        {
            var centre = Direction((ulong)person * 2);
            for (var i = 0; i < dimension; i++)
            {
                own[i] = (Likeness * centre[i]) + (0.6f * own[i]);
            }

            Vectors.Normalize(own);
        }

        return own;
    }

    private float[] Direction(ulong seed)
    {
        var stream = new Stream(seed);
        var values = new float[dimension];
        for (var i = 0; i < dimension; i++)
        {
            // Sums of four uniform numbers: near enough to normal for directions without a preference.
            var bits = stream.Next();
            values[i] = (ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48) - (2 * 65535f);
        }

        Vectors.Normalize(values);
        return values;
    }

    // SplitMix64 (Steele, Lea, Flood 2014): any seed is a good one.
    private struct Stream(ulong seed)
    {
        private ulong _state = seed * 0xD1342543DE82EF95;

        public ulong Next()
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
