using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Identification;

/// <summary>1:K. The index finds the nearest persons; the threshold, raised to the size of the gallery, decides whether it is any of them.</summary>
public sealed class Identifier(
    GalleryStore store, IFaceIndex index, IndexState state, ProbeReader probes, IOptions<GalleryOptions> options, TimeProvider time)
{
    // Whether an answer is ambiguous takes two persons, however few are asked for.
    private const int MinPersons = 2;

    /// <exception cref="Contracts.Failures.FailureException">GalleryNotFound, ContractMismatch, ModelNotCalibrated, StoreUnavailable, Photo…, Embedding…, Encoder….</exception>
    public async Task<IdentificationAnswer> IdentifyAsync(IdentificationQuery query, CancellationToken cancellationToken)
    {
        await state.RequireAsync(cancellationToken);
        var gallery = await store.GetGalleryAsync(query.Gallery, cancellationToken);
        var maxFaces = query.AllFaces ? options.Value.MaxFaces : 1;
        var read = await probes.ReadAsync([query.Probe], maxFaces, gallery.EmbeddingContract, cancellationToken);
        var probe = read.Readings[0];
        var embeddings = probe.Faces.Select(face => face.Embedding).OfType<float[]>().ToList();

        var started = time.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity(Telemetry.SearchSpan);
        var search = await index.SearchAsync(query.Gallery, embeddings, Math.Max(query.MaxCandidates, MinPersons), cancellationToken);
        var searching = time.GetElapsedTime(started);
        if (embeddings.Count > 0)
        {
            Telemetry.RecordSearch(activity, searching, search.Searched.Faces, embeddings.Count);
        }

        using var decision = Telemetry.Source.StartActivity(Telemetry.DecisionSpan);
        var threshold = ThresholdPolicy.ForIdentification(
            query.Wish,
            new ThresholdWish(gallery.IdentifyThreshold, gallery.MaxFalsePositiveRate),
            options.Value.MaxFalsePositiveRate,
            gallery.MaxFalseAcceptRate ?? options.Value.MaxFalseAcceptRate,
            search.Searched.Persons,
            () => ModelCalibration.Of(read.Model));
        var margin = gallery.AmbiguityMargin ?? options.Value.AmbiguityMargin;
        var persons = await PersonsAsync(query.Gallery, search, cancellationToken);

        var faces = new List<IdentifiedFace>(probe.Faces.Count);
        var searched = 0;
        foreach (var face in probe.Faces)
        {
            faces.Add(face.Embedding is null
                ? new IdentifiedFace(IdentificationOutcome.RejectedQuality, face, [])
                : Decide(query, face, search.Matches[searched++], persons, threshold, margin));
        }

        Telemetry.Describe(decision, "identify", faces.Select(face => Words.Of(face.Outcome)), threshold);
        return new IdentificationAnswer
        {
            Faces = faces,
            Threshold = threshold,
            EmbeddingContract = read.Model.EmbeddingContract,
            Probe = probe,
            Times = read.Times with { Searching = searching },
        };
    }

    private static IdentifiedFace Decide(
        IdentificationQuery query, ProbeFace face, IReadOnlyList<PersonMatch> matches, Dictionary<string, PersonRow> persons, Threshold threshold, float margin)
    {
        // A person deleted between search and reading is not named.
        var candidates = matches
            .Where(match => persons.ContainsKey(match.PersonId))
            .Select(match =>
            {
                var similarity = Similarities.Held(match.Similarity);
                return new Candidate(persons[match.PersonId], similarity, match.FaceId, threshold.IsMet(similarity));
            })
            .ToList();
        var outcome = IdentificationDecision.Decide(candidates.Select(candidate => candidate.Similarity), threshold, margin);
        return new IdentifiedFace(
            outcome,
            face,
            [.. candidates.Where(candidate => candidate.AboveThreshold || query.IncludeBelowThreshold).Take(query.MaxCandidates)]);
    }

    private async Task<Dictionary<string, PersonRow>> PersonsAsync(GalleryKey gallery, IndexSearch search, CancellationToken cancellationToken)
    {
        var ids = search.Matches.SelectMany(matches => matches).Select(match => match.PersonId).ToHashSet(StringComparer.Ordinal);
        return ids.Count == 0 ? [] : await store.FindPersonsAsync(gallery, ids, cancellationToken);
    }
}
