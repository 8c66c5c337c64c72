using System.Runtime.InteropServices;
using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// Rows of embeddings side by side: codes for the scan, float32 for what the scan cannot decide. The writer fills rows past
/// the count that readers know and never changes a row that one may read, so that readers need no lock.
/// </summary>
internal sealed class VectorBlock
{
    /// <summary>10 MB at 512 dimensions: large enough to scan at full speed, so small that the last one wastes little.</summary>
    public const int MaxRows = 4096;

    private const int FirstRows = 64;
    private const int CacheLine = 64;

    private readonly sbyte[] _codes;
    private readonly int _firstCode;

    private VectorBlock(int dimension, int rows)
    {
        Dimension = dimension;
        GroupBytes = RowCodes.GroupBytes(dimension);
        Values = new float[rows * dimension];
        Scales = new float[rows];
        Errors = new float[rows];
        Faces = new Guid[rows];
        Persons = new int[rows];

        // Pinned, so that a group begins where a cache line does.
        _codes = GC.AllocateArray<sbyte>((rows / RowCodes.GroupRows * GroupBytes) + CacheLine, pinned: true);
        _firstCode = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_codes, 0) & (CacheLine - 1));
    }

    public int Dimension { get; }

    public int GroupBytes { get; }

    public int Capacity => Faces.Length;

    /// <summary>float32[Capacity, Dimension], unit length each.</summary>
    public float[] Values { get; }

    public float[] Scales { get; }

    public float[] Errors { get; }

    public Guid[] Faces { get; }

    /// <summary>Numbers of the gallery's person table.</summary>
    public int[] Persons { get; }

    public static VectorBlock First(int dimension) => new(dimension, FirstRows);

    public static VectorBlock Full(int dimension) => new(dimension, MaxRows);

    /// <summary>A copy of the first rows with twice the room.</summary>
    public VectorBlock Grown(int rows)
    {
        var block = new VectorBlock(Dimension, Math.Min(Capacity * 2, MaxRows));
        Values.AsSpan(0, rows * Dimension).CopyTo(block.Values);
        Scales.AsSpan(0, rows).CopyTo(block.Scales);
        Errors.AsSpan(0, rows).CopyTo(block.Errors);
        Faces.AsSpan(0, rows).CopyTo(block.Faces);
        Persons.AsSpan(0, rows).CopyTo(block.Persons);
        var groups = (rows + RowCodes.GroupRows - 1) / RowCodes.GroupRows;
        Groups(0, groups).CopyTo(block.Groups(0, groups));
        return block;
    }

    public void Write(int row, Guid faceId, int person, EncodedVector vector)
    {
        vector.Values.CopyTo(Values.AsSpan(row * Dimension, Dimension));
        RowCodes.Place(vector.Codes, Groups(row / RowCodes.GroupRows, 1), row % RowCodes.GroupRows);
        Scales[row] = vector.Code.Scale;
        Errors[row] = vector.Code.Error;
        Faces[row] = faceId;
        Persons[row] = person;
    }

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Dimension, Dimension);

    public Span<sbyte> Groups(int first, int count) => _codes.AsSpan(_firstCode + (first * GroupBytes), count * GroupBytes);
}
