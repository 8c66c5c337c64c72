namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// Rows of embeddings side by side. The writer fills rows past the count that readers know and never changes a row
/// that one may read, so that readers need no lock.
/// </summary>
internal sealed class VectorBlock
{
    /// <summary>32 MB at 512 floats: large enough to scan at full speed, small enough to grow by.</summary>
    public const int MaxRows = 16384;

    private const int FirstRows = 64;

    private VectorBlock(int dimension, int rows)
    {
        Dimension = dimension;
        Values = new float[rows * dimension];
        Faces = new Guid[rows];
        Persons = new string[rows];
    }

    public int Dimension { get; }

    public int Capacity => Faces.Length;

    /// <summary>float32[Capacity, Dimension], unit length each.</summary>
    public float[] Values { get; }

    public Guid[] Faces { get; }

    public string[] Persons { get; }

    public static VectorBlock First(int dimension) => new(dimension, FirstRows);

    public static VectorBlock Full(int dimension) => new(dimension, MaxRows);

    /// <summary>A copy of the first rows with twice the room.</summary>
    public VectorBlock Grown(int rows)
    {
        var block = new VectorBlock(Dimension, Math.Min(Capacity * 2, MaxRows));
        Values.AsSpan(0, rows * Dimension).CopyTo(block.Values);
        Faces.AsSpan(0, rows).CopyTo(block.Faces);
        Persons.AsSpan(0, rows).CopyTo(block.Persons);
        return block;
    }

    public void Write(int row, Guid faceId, string personId, ReadOnlySpan<float> embedding)
    {
        embedding.CopyTo(Values.AsSpan(row * Dimension, Dimension));
        Faces[row] = faceId;
        Persons[row] = personId;
    }

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Dimension, Dimension);
}
