using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>What a reader may see of a block: its first rows, without the deleted ones.</summary>
/// <param name="Block">Shared with the writer.</param>
/// <param name="Rows">Written rows.</param>
/// <param name="Reach">Greatest <see cref="RowCode.Reach"/> of them.</param>
/// <param name="Deleted">A bit a row, never changed once published; null: none is deleted.</param>
internal sealed record BlockView(VectorBlock Block, int Rows, float Reach, uint[]? Deleted)
{
    public static BlockView Empty(VectorBlock block) => new(block, 0, 0, null);

    public bool IsLive(int row) => (Live(row / RowCodes.GroupRows) & (1u << (row % RowCodes.GroupRows))) != 0;

    /// <summary>A bit for each row of the group that is there.</summary>
    public uint Live(int group)
    {
        var rows = Rows - (group * RowCodes.GroupRows);
        var written = rows >= RowCodes.GroupRows ? uint.MaxValue : (1u << Math.Max(rows, 0)) - 1;
        return Deleted is null ? written : written & ~Deleted[group];
    }
}
