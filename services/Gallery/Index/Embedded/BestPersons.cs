namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// The best persons seen so far, each by the best face; all cores of a search offer to the same list. Exact although a person
/// who falls out is forgotten: the worst of the list only ever rises, so that person can come back only with a face better
/// than all those forgotten.
/// </summary>
internal sealed class BestPersons(int capacity, string[] names)
{
    private readonly Lock _offering = new();

    // A heap with the worst on top, and where in it each person is. Both grow with what is found: a caller may ask for more
    // persons than there are.
    private readonly List<Match> _heap = new(Math.Min(capacity, 16));
    private readonly Dictionary<int, int> _places = [];

    // The worst once the list is full. An object of its own, so that it can be read without the lock.
    private Match? _bar;

    /// <summary>Faces below this need not be offered; negative infinity until the list is full. Only ever rises.</summary>
    public float Floor => Volatile.Read(ref _bar)?.Similarity ?? float.NegativeInfinity;

    /// <returns>Whether <see cref="Floor"/> rose.</returns>
    public bool Offer(int person, Guid faceId, float similarity)
    {
        var bar = Volatile.Read(ref _bar);
        if (float.IsNaN(similarity) || similarity < bar?.Similarity)
        {
            return false;
        }

        // Many equal faces would else queue for the lock.
        var match = new Match(person, faceId, similarity);
        if (bar is not null && Compare(match, bar) >= 0)
        {
            return false;
        }

        lock (_offering)
        {
            var before = Floor;
            if (_places.TryGetValue(person, out var place))
            {
                if (Compare(match, _heap[place]) < 0)
                {
                    Put(match, place);
                    Sink(place);
                }
            }
            else if (_heap.Count < capacity)
            {
                _heap.Add(match);
                Rise(_heap.Count - 1);
            }
            else if (Compare(match, _heap[0]) < 0)
            {
                _places.Remove(_heap[0].Person);
                Put(match, 0);
                Sink(0);
            }

            if (_heap.Count == capacity)
            {
                Volatile.Write(ref _bar, _heap[0]);
            }

            return Floor > before;
        }
    }

    /// <summary>Best first. After the last offer.</summary>
    public IReadOnlyList<PersonMatch> ToMatches()
    {
        lock (_offering)
        {
            var matches = _heap.ToArray();
            Array.Sort(matches, Compare);
            return Array.ConvertAll(matches, match => new PersonMatch(names[match.Person], match.FaceId, match.Similarity));
        }
    }

    // Negative: one is better. A total order, so that the answer does not depend on the order of rows or on which core was faster.
    private int Compare(Match one, Match other)
    {
        var bySimilarity = other.Similarity.CompareTo(one.Similarity);
        if (bySimilarity != 0)
        {
            return bySimilarity;
        }

        var byPerson = one.Person == other.Person ? 0 : string.CompareOrdinal(names[one.Person], names[other.Person]);
        return byPerson != 0 ? byPerson : one.FaceId.CompareTo(other.FaceId);
    }

    private void Put(Match match, int place)
    {
        _heap[place] = match;
        _places[match.Person] = place;
    }

    private void Rise(int place)
    {
        var match = _heap[place];
        while (place > 0 && Compare(match, _heap[(place - 1) / 2]) > 0)
        {
            Put(_heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(match, place);
    }

    private void Sink(int place)
    {
        var match = _heap[place];
        while ((2 * place) + 1 < _heap.Count)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _heap.Count && Compare(_heap[child + 1], _heap[child]) > 0)
            {
                child++;
            }

            if (Compare(match, _heap[child]) >= 0)
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(match, place);
    }

    private sealed record Match(int Person, Guid FaceId, float Similarity);
}
