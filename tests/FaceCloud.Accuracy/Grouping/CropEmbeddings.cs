using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FaceCloud.Accuracy.Grouping;

/// <summary>The embeddings that come with the training crops (index.csv, teacher.f16; their README says how they were made).</summary>
internal static class CropEmbeddings
{
    private const int Dimension = 128;

    /// <summary>Those with a person's name, of one split.</summary>
    public static (string[] Persons, float[][] Faces) Read(string crops, string split)
    {
        var rows = File.ReadLines(Path.Combine(crops, "index.csv")).Skip(1).Select(line => line.Split(','));
        var bytes = File.ReadAllBytes(Path.Combine(crops, "teacher.f16"));
        var values = MemoryMarshal.Cast<byte, Half>(bytes);
        var (persons, faces) = (new List<string>(), new List<float[]>());
        var row = 0;
        foreach (var fields in rows)
        {
            if (fields[4] == split && fields[3].Length > 0)
            {
                var face = new float[Dimension];
                TensorPrimitives.ConvertToSingle(values.Slice(row * Dimension, Dimension), face);
                TensorPrimitives.Divide(face, TensorPrimitives.Norm<float>(face), face);
                persons.Add(fields[3]);
                faces.Add(face);
            }

            row++;
        }

        return ([.. persons], [.. faces]);
    }

    /// <summary>The cosine that this share of random pairs of two persons reaches.</summary>
    public static float CosineAt(double falseAcceptRate, string[] persons, float[][] faces, int pairs)
    {
        var random = new Random(1);
        var cosines = new List<float>(pairs);
        while (cosines.Count < pairs)
        {
            var (one, other) = (random.Next(faces.Length), random.Next(faces.Length));
            if (persons[one] != persons[other])
            {
                cosines.Add(TensorPrimitives.Dot(faces[one], faces[other]));
            }
        }

        cosines.Sort();
        return cosines[^(int)Math.Max(1, falseAcceptRate * pairs)];
    }
}
