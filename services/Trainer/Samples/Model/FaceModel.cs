namespace FaceCloud.Trainer.Samples.Model;

/// <summary>
/// Statistics of faces: how shapes and colours vary (two sets of directions), where each person lies among them, and how photos of one
/// person differ from each other. A place is given by coefficients: first those of the shape, then those of the texture, in standard deviations.
/// </summary>
/// <param name="Shape">Of fields as <see cref="FaceRegistration"/> finds them.</param>
/// <param name="Texture">Of 120×120 RGB (0 to 255) brought to the mean shape.</param>
/// <param name="Persons">What is known of each person's own place, light and expression of the single photos taken out.</param>
/// <param name="PersonRows">A row of the crops for each person; its embedding says what kind of person it is.</param>
/// <param name="Deviations">What single photos differ by from their person.</param>
public sealed record FaceModel(PrincipalComponents Shape, PrincipalComponents Texture, float[][] Persons, int[] PersonRows, float[][] Deviations)
{
    private const int Version = 1;

    /// <summary>Coefficients of a face.</summary>
    public int Rank => Shape.Rank + Texture.Rank;

    /// <summary>The field of a face.</summary>
    public float[] Field(ReadOnlySpan<float> coefficients) => Shape.Compose(coefficients[..Shape.Rank]);

    /// <summary>120×120×3, in the mean shape.</summary>
    public float[] Colours(ReadOnlySpan<float> coefficients) => Texture.Compose(coefficients[Shape.Rank..]);

    /// <summary>Null where there is no such file or another version wrote it.</summary>
    public static FaceModel? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var reader = new BinaryReader(File.OpenRead(path));
        if (reader.ReadInt32() != Version)
        {
            return null;
        }

        var (shape, texture) = (PrincipalComponents.Read(reader), PrincipalComponents.Read(reader));
        var rank = shape.Rank + texture.Rank;
        var persons = ReadRows(reader, rank);
        var rows = new int[persons.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = reader.ReadInt32();
        }

        return new FaceModel(shape, texture, persons, rows, ReadRows(reader, rank));
    }

    public void Write(string path)
    {
        var temporary = path + ".tmp";
        using (var writer = new BinaryWriter(File.Create(temporary)))
        {
            writer.Write(Version);
            Shape.Write(writer);
            Texture.Write(writer);
            WriteRows(writer, Persons);
            foreach (var row in PersonRows)
            {
                writer.Write(row);
            }

            WriteRows(writer, Deviations);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static float[][] ReadRows(BinaryReader reader, int length)
    {
        var rows = new float[reader.ReadInt32()][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Floats.Read(reader, length);
        }

        return rows;
    }

    private static void WriteRows(BinaryWriter writer, float[][] rows)
    {
        writer.Write(rows.Length);
        foreach (var row in rows)
        {
            Floats.Write(writer, row);
        }
    }
}
