namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// Searches of one gallery. The first starts at once; those that come while a pass runs wait for the next, which they share.
/// A pass takes its state of the gallery when it begins, after all its calls came in: each sees what was written before it.
/// </summary>
internal sealed class SearchQueue(GalleryVectors vectors)
{
    // Multiply-adds that one core does in a tenth of a millisecond: below, other threads cost more than they save.
    private const long WorthSharing = 4_000_000;

    // Probes of one pass; one call may bring more.
    private const int MaxProbes = 256;

    private readonly Lock _gate = new();
    private readonly Queue<SearchRequest> _waiting = new();
    private bool _running;

    public async Task<IndexSearch> SearchAsync(IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new SearchRequest(probes, maxPersons, cancellationToken);
        var snapshot = vectors.Current;
        if (snapshot.Size.Faces * snapshot.Dimension * probes.Count < WorthSharing)
        {
            Begin(snapshot, [request], () => { })?.RunAlone();
        }
        else if (Enter(request))
        {
            // Again, since it may have changed while this call was at the gate.
            if (Begin(vectors.Current, [request], Next) is { } pass)
            {
                pass.Run();
            }
            else
            {
                Next();
            }
        }

        return await request.Answer.WaitAsync(cancellationToken);
    }

    // False: another pass runs, and the request waits for the next.
    private bool Enter(SearchRequest request)
    {
        lock (_gate)
        {
            if (_running)
            {
                _waiting.Enqueue(request);
                return false;
            }

            return _running = true;
        }
    }

    // What waited while a pass ran. On other threads: the caller whose pass ended wants its answer.
    private void Next()
    {
        while (Take() is { } requests)
        {
            if (Begin(vectors.Current, requests, Next) is { } pass)
            {
                pass.RunElsewhere();
                return;
            }
        }
    }

    private List<SearchRequest>? Take()
    {
        lock (_gate)
        {
            var taken = new List<SearchRequest>();
            var probes = 0;
            while (_waiting.TryPeek(out var request) && (probes == 0 || probes + request.Probes.Count <= MaxProbes))
            {
                taken.Add(_waiting.Dequeue());
                probes += request.Probes.Count;
            }

            _running = taken.Count > 0;
            return _running ? taken : null;
        }
    }

    // Null when there is nothing to walk over: the requests are answered here.
    private static SearchPass? Begin(GallerySnapshot snapshot, List<SearchRequest> requests, Action ended)
    {
        var searching = new List<SearchRequest>(requests.Count);
        foreach (var request in requests)
        {
            if (request.IsCancelled)
            {
                request.SetCancelled();
            }
            else if (snapshot.Blocks.IsEmpty || request.Probes.Count == 0)
            {
                request.SetAnswer(new IndexSearch([.. request.Probes.Select(_ => Array.Empty<PersonMatch>())], snapshot.Size));
            }
            else if (request.Probes.Any(probe => probe.Length != snapshot.Dimension))
            {
                request.SetFailure(new ArgumentException($"Every probe must have {snapshot.Dimension} values."));
            }
            else
            {
                searching.Add(request);
            }
        }

        try
        {
            return searching.Count > 0 ? new SearchPass(snapshot, searching, ended) : null;
        }
        catch (Exception exception)
        {
            // To those who asked; a queue whose pass never began would wait for ever.
            searching.ForEach(request => request.SetFailure(exception));
            return null;
        }
    }
}
