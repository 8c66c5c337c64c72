using System.Runtime.InteropServices;

namespace FaceCloud.Numerics;

/// <summary>
/// Rows of float32 as signed bytes with a bound on what that costs, and the scan over them. Rows lie in groups of 32,
/// dimension by dimension: the codes 2i and 2i + 1 of all rows of the group are 64 bytes side by side. So every lane of a
/// vector is a row, for any dimension, and no sum goes across lanes; the group is read from its first byte to its last.
/// </summary>
public static partial class RowCodes
{
    /// <summary>Rows of a group.</summary>
    public const int GroupRows = 32;

    private const int PairBytes = 2 * GroupRows;

    /// <summary>An odd dimension is filled up by one byte a row.</summary>
    public static int GroupBytes(int dimension) => Pairs(dimension) * PairBytes;

    /// <summary>Puts the codes of one row into its group.</summary>
    /// <param name="codes">Of the row.</param>
    /// <param name="group">Of <see cref="GroupBytes"/>; bytes of other rows are left alone.</param>
    /// <param name="row">0 to 31.</param>
    /// <exception cref="ArgumentException">The group is of another dimension.</exception>
    public static void Place(ReadOnlySpan<sbyte> codes, Span<sbyte> group, int row)
    {
        if (group.Length != GroupBytes(codes.Length))
        {
            throw new ArgumentException($"A group of {codes.Length} dimensions has {GroupBytes(codes.Length)} bytes, not {group.Length}.", nameof(group));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, GroupRows);
        var target = MemoryMarshal.Cast<sbyte, short>(group);
        var pairs = MemoryMarshal.Cast<sbyte, short>(codes);
        for (var i = 0; i < pairs.Length; i++)
        {
            target[(i * GroupRows) + row] = pairs[i];
        }

        if (codes.Length % 2 != 0)
        {
            var last = (pairs.Length * PairBytes) + (2 * row);
            group[last] = codes[^1];
            group[last + 1] = 0;
        }
    }

    internal static int Pairs(int dimension) => (dimension + 1) / 2;
}
