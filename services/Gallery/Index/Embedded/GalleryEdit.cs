using System.Collections.Immutable;
using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>The blocks of the next state while a writer makes it. Bits of deleted rows are copied once an edit and block.</summary>
internal sealed class GalleryEdit(ImmutableArray<BlockView> blocks)
{
    private readonly ImmutableArray<BlockView>.Builder _blocks = blocks.ToBuilder();
    private readonly HashSet<int> _ownBits = [];

    public ImmutableArray<BlockView> ToBlocks() => _blocks.ToImmutable();

    public BlockView ViewOf(int row) => _blocks[row / VectorBlock.MaxRows];

    public bool IsLive(int row) => ViewOf(row).IsLive(row % VectorBlock.MaxRows);

    /// <summary>The number of the row that the next <see cref="Append"/> fills. Blocks before the last are full.</summary>
    public int NextRow => _blocks.Count == 0 ? 0 : ((_blocks.Count - 1) * VectorBlock.MaxRows) + _blocks[^1].Rows;

    public void Append(Guid faceId, int person, EncodedVector vector)
    {
        var last = Last(vector.Values.Length);
        last.Block.Write(last.Rows, faceId, person, vector);
        _blocks[^1] = last with { Rows = last.Rows + 1, Reach = Math.Max(last.Reach, vector.Code.Reach) };
    }

    public void Delete(int row)
    {
        var number = row / VectorBlock.MaxRows;
        var view = _blocks[number];
        if (_ownBits.Add(number))
        {
            var bits = new uint[VectorBlock.MaxRows / RowCodes.GroupRows];
            view.Deleted?.CopyTo(bits, 0);
            _blocks[number] = view = view with { Deleted = bits };
        }

        var place = row % VectorBlock.MaxRows;
        view.Deleted![place / RowCodes.GroupRows] |= 1u << (place % RowCodes.GroupRows);
    }

    private BlockView Last(int dimension)
    {
        if (_blocks.Count == 0)
        {
            _blocks.Add(BlockView.Empty(VectorBlock.First(dimension)));
        }

        var last = _blocks[^1];
        if (last.Rows < last.Block.Capacity)
        {
            return last;
        }

        if (last.Block.Capacity < VectorBlock.MaxRows)
        {
            return last with { Block = last.Block.Grown(last.Rows) };
        }

        // Append puts it in its place.
        _blocks.Add(last = BlockView.Empty(VectorBlock.Full(dimension)));
        return last;
    }
}
