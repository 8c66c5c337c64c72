namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>What a reader may see of a block: its first rows, without the deleted ones.</summary>
/// <param name="Block">Shared with the writer.</param>
/// <param name="Rows">Written rows.</param>
/// <param name="Deleted">A bit a row, never changed once published; null: none is deleted.</param>
internal sealed record BlockView(VectorBlock Block, int Rows, ulong[]? Deleted)
{
    public bool IsLive(int row) => Deleted is null || (Deleted[row >> 6] & (1UL << (row & 63))) == 0;

    public BlockView Without(int row)
    {
        var deleted = Deleted is null ? new ulong[(VectorBlock.MaxRows + 63) / 64] : (ulong[])Deleted.Clone();
        deleted[row >> 6] |= 1UL << (row & 63);
        return this with { Deleted = deleted };
    }
}
