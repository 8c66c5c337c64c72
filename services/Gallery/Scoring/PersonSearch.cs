using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Scoring;

/// <summary>
/// The best persons of a gallery under any scoring, on any index. An index ranks persons by their best face. For another scoring its
/// first persons are scored anew from the faces in the store; nobody further down has a better face than the last of them, so nobody further down can score
/// above <see cref="ScoringRule.Highest"/> of that. As long as this could still change the answer, four times as many are asked
/// for; in the end the index has named everybody. So the answer is that of brute force wherever the index's is.
/// What was written before the search began is in both, index and store; a write during it may be seen or not.
/// </summary>
public sealed class PersonSearch(GalleryStore store, IFaceIndex index)
{
    private const int FirstPersons = 32;
    private const int Growth = 4;

    // Index and store compute the same products in another order.
    private const float Rounding = 1e-4f;

    /// <summary>For each probe the best persons, best first; equals by person id.</summary>
    /// <param name="gallery">One without faces is answered with empty lists.</param>
    /// <param name="probes">float32[dimension], unit length.</param>
    /// <param name="rule">Of the gallery.</param>
    /// <param name="count">Persons for each probe.</param>
    /// <param name="floor">From what was searched: persons below this similarity do not matter, and may be missing or out of order.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<PersonRanking> SearchAsync(
        GalleryKey gallery, IReadOnlyList<float[]> probes, ScoringRule rule, int count, Func<IndexSize, float> floor, CancellationToken cancellationToken)
    {
        if (rule.Kind == PersonScoring.BestFace)
        {
            var search = await index.SearchAsync(gallery, probes, count, cancellationToken);
            return new PersonRanking(
                [.. search.Matches.Select(matches => (IReadOnlyList<RankedPerson>)[.. matches.Select(match => new RankedPerson(match.PersonId, match.FaceId, Similarities.Held(match.Similarity)))])],
                search.Searched);
        }

        // Before the index is asked: a person that becomes shorter afterwards is a write during the search.
        var leastLength = rule.Kind == PersonScoring.Centroid && probes.Count > 0 ? await store.GetLeastTemplateLengthAsync(gallery, cancellationToken) : 1;
        var answers = new IReadOnlyList<RankedPerson>?[probes.Count];
        var faces = new Dictionary<string, IReadOnlyList<FaceVector>>(StringComparer.Ordinal);
        for (var asked = Math.Max(count, FirstPersons); ; asked = (int)Math.Min((long)asked * Growth, int.MaxValue))
        {
            var open = Enumerable.Range(0, probes.Count).Where(i => answers[i] is null).ToList();
            var search = await index.SearchAsync(gallery, [.. open.Select(i => probes[i])], asked, cancellationToken);
            var least = floor(search.Searched);
            var unknown = search.Matches.SelectMany(matches => matches).Select(match => match.PersonId).Where(id => !faces.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
            foreach (var person in await store.GetPersonsVectorsAsync(gallery, unknown, cancellationToken))
            {
                faces.Add(person.Key, person.Value);
            }

            foreach (var (i, matches) in open.Zip(search.Matches))
            {
                var ranked = Rank(matches, faces, rule, probes[i], count);
                var unseen = matches.Count < asked ? float.NegativeInfinity : rule.Highest(matches[^1].Similarity, leastLength) + Rounding;
                if (unseen < least || unseen == float.NegativeInfinity || (ranked.Count == count && ranked[^1].Similarity > unseen))
                {
                    answers[i] = ranked;
                }
            }

            if (answers.All(answer => answer is not null))
            {
                return new PersonRanking(answers!, search.Searched);
            }
        }
    }

    private static List<RankedPerson> Rank(
        IReadOnlyList<PersonMatch> matches, Dictionary<string, IReadOnlyList<FaceVector>> faces, ScoringRule rule, float[] probe, int count) =>
        [.. matches
            // A person deleted between index and store is not named.
            .Where(match => faces.ContainsKey(match.PersonId))
            .Select(match =>
            {
                var score = rule.Score(faces[match.PersonId], probe);
                return new RankedPerson(match.PersonId, score.BestFace.FaceId, score.Similarity);
            })
            .OrderByDescending(person => person.Similarity)
            .ThenBy(person => person.PersonId, StringComparer.Ordinal)
            .Take(count)];
}
