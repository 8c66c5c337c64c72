using FaceCloud.Gallery.Store;
using Qdrant.Client.Grpc;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>
/// One probe in one gallery. First the persons are found, through the graph; then all faces of those that may be in the list are
/// compared, in floats and by ourselves, which is cheap since they are few. So similarities and ties are the embedded index's,
/// and only who is found at all is the graph's guess.
/// </summary>
internal sealed class QdrantSearch(Points.PointsClient points, QdrantOptions options, string collection, GalleryKey gallery, float[] probe)
{
    // Persons asked for beyond those wanted: whether one ties with the last is seen without asking again.
    private const int Beyond = 3;
    private const int MaxAsked = 1024;

    // Where more tie than this, some are not seen.
    private const int MaxFound = 4096;
    private const int FacesOfPerson = 4;
    private const int MaxFacesOfPerson = 1024;
    private const int RefinedAtOnce = 256;

    // More than two sums of the same products in another order differ by.
    private const float Tie = 1e-5f;

    /// <param name="maxPersons">1 or more.</param>
    /// <param name="persons">Of the gallery: when all are found, no more are asked for.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<IReadOnlyList<PersonMatch>> RunAsync(int maxPersons, long persons, CancellationToken cancellationToken)
    {
        var found = await FindAsync(maxPersons, persons, cancellationToken);
        if (found.Count == 0)
        {
            return [];
        }

        var last = found[Math.Min(maxPersons, found.Count) - 1].Score;
        var candidates = found.Where(person => person.Score >= last - Tie).Select(person => person.PersonId).ToList();
        var matches = new List<PersonMatch>(candidates.Count);
        foreach (var part in candidates.Chunk(RefinedAtOnce))
        {
            matches.AddRange(await RefineAsync(part, FacesOfPerson, cancellationToken));
        }

        return
        [
            .. matches
                .OrderByDescending(match => match.Similarity)
                .ThenBy(match => match.PersonId, StringComparer.Ordinal)
                .Take(maxPersons)
        ];
    }

    // The server may find fewer groups than there are: it is asked again without those that it found.
    private async Task<List<(string PersonId, float Score)>> FindAsync(int maxPersons, long persons, CancellationToken cancellationToken)
    {
        var found = new List<(string PersonId, float Score)>();
        var asked = Math.Min(maxPersons + Beyond, MaxAsked);
        while (found.Count < MaxFound)
        {
            var filter = found.Count == 0
                ? QdrantMessages.In(gallery)
                : QdrantMessages.In(gallery, QdrantMessages.IsNoneOf(QdrantMessages.PersonField, found.Select(person => person.PersonId)));
            var groups = await GroupsAsync(filter, Math.Min(asked, MaxAsked), 1, options.Exact, withVectors: false, cancellationToken);
            found.AddRange(groups.Where(group => group.Hits.Count > 0).Select(group => (group.Id.StringValue, group.Hits[0].Score)));
            found.Sort((one, other) => other.Score.CompareTo(one.Score));
            if (groups.Count == 0 || found.Count >= persons || (found.Count > maxPersons && found[^1].Score < found[maxPersons - 1].Score - Tie))
            {
                break;
            }

            asked *= 2;
        }

        return found;
    }

    // A person whose answered faces all tie may have more that do.
    private async Task<List<PersonMatch>> RefineAsync(IReadOnlyCollection<string> candidates, int faces, CancellationToken cancellationToken)
    {
        var matches = new List<PersonMatch>();
        var crowded = new List<string>();
        var left = candidates.ToHashSet(StringComparer.Ordinal);
        while (left.Count > 0)
        {
            var filter = QdrantMessages.In(gallery, QdrantMessages.IsAnyOf(QdrantMessages.PersonField, left));
            var groups = await GroupsAsync(filter, left.Count, faces, exact: true, withVectors: true, cancellationToken);
            foreach (var group in groups.Where(group => group.Hits.Count > 0 && left.Remove(group.Id.StringValue)))
            {
                var hits = group.Hits.Select(Compared).ToList();
                var best = hits.Max(hit => hit.Similarity);
                if (hits.Count == faces && faces < MaxFacesOfPerson && hits.All(hit => hit.Similarity >= best - Tie))
                {
                    crowded.Add(group.Id.StringValue);
                }
                else
                {
                    matches.Add(new PersonMatch(group.Id.StringValue, hits.Where(hit => hit.Similarity == best).Min(hit => hit.FaceId), best));
                }
            }

            if (groups.Count == 0)
            {
                // Deleted since they were found.
                break;
            }
        }

        foreach (var person in crowded)
        {
            matches.AddRange(await RefineAsync([person], Math.Min(faces * 8, MaxFacesOfPerson), cancellationToken));
        }

        return matches;
    }

    private (Guid FaceId, float Similarity) Compared(ScoredPoint hit) =>
        (QdrantMessages.ToGuid(hit.Id), Numerics.Vectors.DotProduct(QdrantMessages.Embedding(hit.Vectors), probe));

    private async Task<IReadOnlyList<PointGroup>> GroupsAsync(
        Filter filter, int persons, int faces, bool exact, bool withVectors, CancellationToken cancellationToken)
    {
        var request = new QueryPointGroups
        {
            CollectionName = collection,
            Query = new Query { Nearest = new VectorInput { Dense = new DenseVector { Data = { probe } } } },
            Filter = filter,
            GroupBy = QdrantMessages.PersonField,
            Limit = (ulong)persons,
            GroupSize = (ulong)faces,
            WithPayload = new WithPayloadSelector { Enable = false },
            WithVectors = new WithVectorsSelector { Enable = withVectors },
            Timeout = QdrantMessages.Seconds(options.ReadTimeout),

            // Rescoring is not the default, and without it scores are those of bytes.
            Params = new SearchParams
            {
                Exact = exact,
                Quantization = exact
                    ? new QuantizationSearchParams { Ignore = true }
                    : new QuantizationSearchParams { Rescore = true, Oversampling = options.Oversampling },
            },
        };
        if (options.HnswEf is { } candidates && !exact)
        {
            request.Params.HnswEf = (ulong)candidates;
        }

        if (QdrantMessages.Consistency(options) is { } consistency)
        {
            request.ReadConsistency = consistency;
        }

        return (await points.QueryGroupsAsync(request, cancellationToken: cancellationToken)).Result.Groups;
    }
}
