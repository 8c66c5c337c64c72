using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>One state of a gallery; never changes.</summary>
internal sealed record GallerySnapshot(ImmutableArray<BlockView> Blocks, IndexSize Size)
{
    public static readonly GallerySnapshot Empty = new([], default);

    // Multiply-adds that one core does in about a millisecond; below, starting others costs more than it saves.
    private const long WorthSharing = 4_000_000;

    // Rows of one piece of work: a core takes the next piece when it is done, so no core waits long for another.
    private const int PieceRows = 4096;

    public async Task<IndexSearch> SearchAsync(IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken)
    {
        var best = NewLists(probes.Count, maxPersons);
        if (probes.Count > 0 && Blocks.Length > 0)
        {
            var dimension = Blocks[0].Block.Dimension;
            if (probes.Any(probe => probe.Length != dimension))
            {
                throw new ArgumentException($"Every probe must have {dimension} values.", nameof(probes));
            }

            var pieces = Pieces().ToList();
            if (Size.Faces * dimension * probes.Count < WorthSharing || Environment.ProcessorCount == 1)
            {
                foreach (var (view, from, to) in pieces)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Scan(view, from, to, probes, best);
                }
            }
            else
            {
                var merging = new Lock();
                await Parallel.ForEachAsync(pieces, cancellationToken, (piece, _) =>
                {
                    var own = NewLists(probes.Count, maxPersons);
                    Scan(piece.View, piece.From, piece.To, probes, own);
                    lock (merging)
                    {
                        for (var i = 0; i < best.Length; i++)
                        {
                            best[i].Merge(own[i]);
                        }
                    }

                    return ValueTask.CompletedTask;
                });
            }
        }

        return new IndexSearch([.. best.Select(list => list.ToMatches())], Size);
    }

    private static BestPersons[] NewLists(int count, int maxPersons)
    {
        var lists = new BestPersons[count];
        for (var i = 0; i < count; i++)
        {
            lists[i] = new BestPersons(maxPersons);
        }

        return lists;
    }

    // Row by row, all probes on each: a row comes from memory once, however many probes there are.
    private static void Scan(BlockView view, int from, int to, IReadOnlyList<float[]> probes, BestPersons[] best)
    {
        var block = view.Block;
        for (var row = from; row < to; row++)
        {
            if (!view.IsLive(row))
            {
                continue;
            }

            var values = block.Row(row);
            for (var i = 0; i < best.Length; i++)
            {
                var similarity = TensorPrimitives.Dot(values, probes[i]);
                if (best[i].MayTake(similarity))
                {
                    best[i].Offer(new PersonMatch(block.Persons[row], block.Faces[row], similarity));
                }
            }
        }
    }

    private IEnumerable<(BlockView View, int From, int To)> Pieces()
    {
        foreach (var view in Blocks)
        {
            for (var from = 0; from < view.Rows; from += PieceRows)
            {
                yield return (view, from, Math.Min(from + PieceRows, view.Rows));
            }
        }
    }
}
