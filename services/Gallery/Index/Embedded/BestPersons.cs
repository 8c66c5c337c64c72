namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// The best persons seen so far, each by the best face; all cores of a search offer to the same list. Exact although a person
/// who falls out is forgotten: the worst of the list only ever rises, so that person can come back only with a face better
/// than all those forgotten.
/// </summary>
internal sealed class BestPersons(int capacity, string[] names)
{
    // Up to here looking through the list is faster than a table that says where somebody is.
    private const int ShortList = 64;

    private readonly Lock _offering = new();

    // Where in the heap each person of a long list is.
    private readonly Dictionary<int, int>? _places = capacity > ShortList ? [] : null;

    // A heap with the worst on top; persons once more by themselves, to be found fast. Both grow with what is found: a caller
    // may ask for more persons than there are.
    private Match[] _heap = new Match[Math.Min(capacity, 16)];
    private int[] _persons = new int[Math.Min(capacity, 16)];
    private int _count;

    // The worst once the list is full. An object of its own, so that it can be read without the lock.
    private Bar? _bar;

    /// <summary>Faces below this need not be offered; negative infinity until the list is full. Only ever rises.</summary>
    public float Floor => Volatile.Read(ref _bar)?.Worst.Similarity ?? float.NegativeInfinity;

    /// <returns>Whether <see cref="Floor"/> rose.</returns>
    public bool Offer(int person, Guid faceId, float similarity)
    {
        var match = new Match(person, similarity, faceId);
        var bar = Volatile.Read(ref _bar);

        // Many equal faces would else queue for the lock.
        if (float.IsNaN(similarity) || (bar is not null && Compare(match, bar.Worst) >= 0))
        {
            return false;
        }

        lock (_offering)
        {
            var place = Find(person);
            if (place >= 0)
            {
                if (Compare(match, _heap[place]) < 0)
                {
                    Put(match, place);
                    Sink(place);
                }
            }
            else if (_count < capacity)
            {
                Grow();
                Put(match, _count);
                Rise(_count++);
            }
            else if (Compare(match, _heap[0]) < 0)
            {
                _places?.Remove(_heap[0].Person);
                Put(match, 0);
                Sink(0);
            }

            if (_count < capacity || _bar?.Worst == _heap[0])
            {
                return false;
            }

            var before = Floor;
            Volatile.Write(ref _bar, new Bar(_heap[0]));
            return _heap[0].Similarity > before;
        }
    }

    /// <summary>Best first. After the last offer.</summary>
    public IReadOnlyList<PersonMatch> ToMatches()
    {
        lock (_offering)
        {
            var matches = _heap[.._count];
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

    // -1: not in the list.
    private int Find(int person) =>
        _places is null ? _persons.AsSpan(0, _count).IndexOf(person) : _places.TryGetValue(person, out var place) ? place : -1;

    private void Put(Match match, int place)
    {
        _heap[place] = match;
        _persons[place] = match.Person;
        if (_places is not null)
        {
            _places[match.Person] = place;
        }
    }

    private void Grow()
    {
        if (_count == _heap.Length)
        {
            var room = (int)Math.Min(capacity, 2L * _count);
            Array.Resize(ref _heap, room);
            Array.Resize(ref _persons, room);
        }
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
        while ((2 * place) + 1 < _count)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _count && Compare(_heap[child + 1], _heap[child]) > 0)
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

    private readonly record struct Match(int Person, float Similarity, Guid FaceId);

    private sealed record Bar(Match Worst);
}
