using System.Numerics;
using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// One walk over one state of a gallery for the probes of one or more calls. The codes say which faces may belong to the
/// best; those are compared in float32. Why none is missed: decision 6. Cores take pieces until none is left; the one that ends
/// the last piece answers, so nobody waits for a thread.
/// </summary>
internal sealed class SearchPass : IThreadPoolWorkItem
{
    // Codes of one piece of work: so large that taking one costs nothing, so small that no core waits long for another.
    private const int MostPieceBytes = 512 * 1024;
    private const int LeastPieceBytes = 64 * 1024;
    private const int PiecesPerCore = 32;

    // Groups between two looks at the candidates, at most. More of them would find candidates that the bar has overtaken.
    private const int TileGroups = 8;

    private const int OfferedAtOnce = 64;

    private readonly GallerySnapshot _snapshot;
    private readonly IReadOnlyList<SearchRequest> _requests;
    private readonly Action _ended;
    private readonly float[][] _probes;
    private readonly QueryCodes _codes;
    private readonly BestPersons[] _best;
    private readonly float[] _bars;
    private readonly float _reach;
    private readonly int _pieceGroups;
    private readonly int _piecesPerBlock;
    private readonly int _pieces;
    private Exception? _failure;
    private int _taken;
    private int _finished;

    /// <param name="snapshot">With faces.</param>
    /// <param name="requests">With probes of the snapshot's dimension.</param>
    /// <param name="ended">Called once, before the answers are given.</param>
    public SearchPass(GallerySnapshot snapshot, IReadOnlyList<SearchRequest> requests, Action ended)
    {
        _snapshot = snapshot;
        _requests = requests;
        _ended = ended;
        _probes = [.. requests.SelectMany(request => request.Probes)];
        _best = [.. requests.SelectMany(request => request.Probes.Select(_ => new BestPersons(request.MaxPersons, snapshot.Persons)))];
        _codes = new QueryCodes(_probes);
        _bars = new float[_probes.Length];
        Array.Fill(_bars, float.NegativeInfinity);
        _reach = snapshot.Blocks.Max(view => view.Reach);
        long groupBytes = snapshot.Blocks[0].Block.GroupBytes;
        var rows = ((snapshot.Blocks.Length - 1L) * VectorBlock.MaxRows) + snapshot.Blocks[^1].Rows;
        var share = rows / RowCodes.GroupRows * groupBytes / (PiecesPerCore * Environment.ProcessorCount);
        var pieceBytes = Math.Clamp(share, LeastPieceBytes, MostPieceBytes);
        _pieceGroups = (int)Math.Max(TileGroups, pieceBytes / groupBytes / TileGroups * TileGroups);
        _piecesPerBlock = Pieces(VectorBlock.MaxRows);
        _pieces = ((snapshot.Blocks.Length - 1) * _piecesPerBlock) + Pieces(snapshot.Blocks[^1].Rows);
    }

    /// <summary>Everything on this thread.</summary>
    public void RunAlone() => Execute();

    /// <summary>On this thread and on others, as many as there are cores and pieces; may return before the last piece is done.</summary>
    public void Run()
    {
        Queue(Math.Min(Environment.ProcessorCount, _pieces) - 1);
        Execute();
    }

    /// <summary>On other threads only.</summary>
    public void RunElsewhere() => Queue(Math.Min(Environment.ProcessorCount, _pieces));

    /// <summary>Takes pieces until none is left.</summary>
    public void Execute()
    {
        var reaching = new uint[TileGroups * _probes.Length];
        var candidates = new Candidate[OfferedAtOnce];
        for (var piece = Interlocked.Increment(ref _taken) - 1; piece < _pieces; piece = Interlocked.Increment(ref _taken) - 1)
        {
            try
            {
                if (Volatile.Read(ref _failure) is null && !_requests.All(request => request.IsCancelled))
                {
                    Scan(piece, reaching, candidates);
                }
            }
            catch (Exception exception)
            {
                // Whoever asked gets it; the other pieces are passed over.
                Volatile.Write(ref _failure, exception);
            }

            if (Interlocked.Increment(ref _finished) == _pieces)
            {
                End();
            }
        }
    }

    private int Pieces(int rows) => (Groups(rows) + _pieceGroups - 1) / _pieceGroups;

    private static int Groups(int rows) => (rows + RowCodes.GroupRows - 1) / RowCodes.GroupRows;

    private void Queue(int threads)
    {
        for (var i = 0; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Scan(int piece, Span<uint> reaching, Span<Candidate> candidates)
    {
        var view = _snapshot.Blocks[piece / _piecesPerBlock];
        var block = view.Block;
        var first = piece % _piecesPerBlock * _pieceGroups;
        var end = Math.Min(first + _pieceGroups, Groups(view.Rows));
        var step = 1;
        while (first < end)
        {
            var count = Math.Min(step, end - first);
            var (row, rows) = (first * RowCodes.GroupRows, count * RowCodes.GroupRows);
            var found = reaching[..(count * _probes.Length)];
            RowCodes.FindReaching(block.Groups(first, count), block.Scales.AsSpan(row, rows), block.Errors.AsSpan(row, rows), _codes, _bars, found);
            var compared = Compare(view, first, found, candidates);
            first += count;

            // While there are many, the bars still rise: small steps, so that the next ones meet higher bars.
            step = compared > _probes.Length ? Math.Max(1, step / 2) : Math.Min(TileGroups, step * 2);
        }
    }

    // What some groups have found, in float32. First all are read and compared, then the good ones are offered: so the reads of
    // many faces, each far from the next, go on at once. One by one they took as long as the scan.
    private int Compare(BlockView view, int first, ReadOnlySpan<uint> reaching, Span<Candidate> candidates)
    {
        var (compared, kept, place) = (0, 0, 0);
        for (var next = reaching.IndexOfAnyExcept(0u); next >= 0; next = reaching[place..].IndexOfAnyExcept(0u))
        {
            place += next;
            var (group, probe) = (first + (place / _probes.Length), place % _probes.Length);
            for (var rows = reaching[place] & view.Live(group); rows != 0; rows &= rows - 1)
            {
                compared++;
                var row = (group * RowCodes.GroupRows) + BitOperations.TrailingZeroCount(rows);
                var similarity = Vectors.DotProduct(view.Block.Row(row), _probes[probe]);
                if (similarity >= _best[probe].Floor)
                {
                    candidates[kept++] = new Candidate(probe, view.Block.Persons[row], view.Block.Faces[row], similarity);
                    if (kept == candidates.Length)
                    {
                        Offer(candidates);
                        kept = 0;
                    }
                }
            }

            place++;
        }

        Offer(candidates[..kept]);
        return compared;
    }

    private void Offer(ReadOnlySpan<Candidate> candidates)
    {
        foreach (var (probe, person, faceId, similarity) in candidates)
        {
            if (_best[probe].Offer(person, faceId, similarity))
            {
                // Another core may write an older bar over this one: lower, so never wrong.
                _bars[probe] = _codes.Bar(probe, _best[probe].Floor, _reach);
            }
        }
    }

    private void End()
    {
        _ended();
        var best = 0;
        foreach (var request in _requests)
        {
            var lists = _best.AsSpan(best, request.Probes.Count);
            best += request.Probes.Count;
            if (request.IsCancelled)
            {
                request.SetCancelled();
            }
            else if (_failure is not null)
            {
                request.SetFailure(_failure);
            }
            else
            {
                var matches = new IReadOnlyList<PersonMatch>[lists.Length];
                for (var i = 0; i < lists.Length; i++)
                {
                    matches[i] = lists[i].ToMatches();
                }

                request.SetAnswer(new IndexSearch(matches, _snapshot.Size));
            }
        }
    }

    private readonly record struct Candidate(int Probe, int Person, Guid FaceId, float Similarity);
}
