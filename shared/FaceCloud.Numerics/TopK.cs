namespace FaceCloud.Numerics;

/// <summary>
/// Keeps the k greatest of many scores, with where they stood: for an exact scan, one offer an element. Nothing is
/// allocated; the memory is the caller's. Of equal scores the lower index counts as greater, so results do not depend
/// on the order of the scan. NaN is never kept.
/// </summary>
public ref struct TopK
{
    // A heap with the worst kept one on top: most offers end with one comparison.
    private readonly Span<float> _scores;
    private readonly Span<int> _indexes;

    /// <param name="scores">Memory for k scores, k at least 1.</param>
    /// <param name="indexes">Memory for k indexes.</param>
    public TopK(Span<float> scores, Span<int> indexes)
    {
        if (scores.IsEmpty || scores.Length != indexes.Length)
        {
            throw new ArgumentException("Scores and indexes need the same length, at least 1.");
        }

        _scores = scores;
        _indexes = indexes;
    }

    /// <summary>How many are kept; k at most.</summary>
    public int Count { get; private set; }

    /// <summary>A score below this need not be offered: negative infinity until k are kept.</summary>
    public readonly float Bar => Count < _scores.Length ? float.NegativeInfinity : _scores[0];

    public void Offer(float score, int index)
    {
        if (float.IsNaN(score))
        {
            return;
        }

        if (Count < _scores.Length)
        {
            (_scores[Count], _indexes[Count]) = (score, index);
            Rise(Count++);
        }
        else if (IsGreater(score, index, _scores[0], _indexes[0]))
        {
            (_scores[0], _indexes[0]) = (score, index);
            Sink(Count);
        }
    }

    /// <summary>
    /// Puts the kept ones in order, greatest first, into the first <see cref="Count"/> places of the caller's memory.
    /// Call it once, after the last offer.
    /// </summary>
    public readonly void Sort()
    {
        for (var end = Count - 1; end > 0; end--)
        {
            Swap(0, end);
            Sink(end);
        }
    }

    private static bool IsGreater(float score, int index, float otherScore, int otherIndex) =>
        score > otherScore || (score == otherScore && index < otherIndex);

    private readonly void Rise(int child)
    {
        while (child > 0)
        {
            var parent = (child - 1) / 2;
            if (!IsGreater(_scores[parent], _indexes[parent], _scores[child], _indexes[child]))
            {
                return;
            }

            Swap(parent, child);
            child = parent;
        }
    }

    private readonly void Sink(int count)
    {
        var parent = 0;
        while (true)
        {
            var worst = parent;
            for (var child = (2 * parent) + 1; child <= (2 * parent) + 2 && child < count; child++)
            {
                if (IsGreater(_scores[worst], _indexes[worst], _scores[child], _indexes[child]))
                {
                    worst = child;
                }
            }

            if (worst == parent)
            {
                return;
            }

            Swap(parent, worst);
            parent = worst;
        }
    }

    private readonly void Swap(int a, int b)
    {
        (_scores[a], _scores[b]) = (_scores[b], _scores[a]);
        (_indexes[a], _indexes[b]) = (_indexes[b], _indexes[a]);
    }
}
