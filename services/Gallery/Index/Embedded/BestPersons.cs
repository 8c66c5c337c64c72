namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// The best persons seen so far, each by the best face. Exact although a person who falls out is forgotten: the worst of the
/// list only ever rises, so that person can come back only with a face better than all those forgotten.
/// </summary>
internal sealed class BestPersons(int capacity)
{
    // Grows with what is found: a caller may ask for more persons than there are.
    private readonly List<PersonMatch> _matches = new(Math.Min(capacity, 16));
    private int _worst = -1;

    /// <summary>Cheap and never wrong with no; NaN is never taken.</summary>
    public bool MayTake(float similarity) =>
        _worst < 0 ? !float.IsNaN(similarity) : similarity >= _matches[_worst].Similarity;

    public void Offer(PersonMatch match)
    {
        var own = _matches.FindIndex(known => known.PersonId == match.PersonId);
        if (own >= 0)
        {
            if (Compare(match, _matches[own]) >= 0)
            {
                return;
            }

            _matches[own] = match;
        }
        else if (_matches.Count < capacity)
        {
            _matches.Add(match);
        }
        else if (Compare(match, _matches[_worst]) < 0)
        {
            _matches[_worst] = match;
        }
        else
        {
            return;
        }

        FindWorst();
    }

    public void Merge(BestPersons other)
    {
        foreach (var match in other._matches)
        {
            Offer(match);
        }
    }

    public IReadOnlyList<PersonMatch> ToMatches()
    {
        var matches = _matches.ToArray();
        Array.Sort(matches, Compare);
        return matches;
    }

    // A total order, so that the answer does not depend on the order of rows or on which core was faster.
    private static int Compare(PersonMatch one, PersonMatch other)
    {
        var bySimilarity = other.Similarity.CompareTo(one.Similarity);
        if (bySimilarity != 0)
        {
            return bySimilarity;
        }

        var byPerson = string.CompareOrdinal(one.PersonId, other.PersonId);
        return byPerson != 0 ? byPerson : one.FaceId.CompareTo(other.FaceId);
    }

    private void FindWorst()
    {
        if (_matches.Count < capacity)
        {
            return;
        }

        _worst = 0;
        for (var i = 1; i < _matches.Count; i++)
        {
            if (Compare(_matches[i], _matches[_worst]) > 0)
            {
                _worst = i;
            }
        }
    }
}
