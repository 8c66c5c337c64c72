using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Identification;

/// <summary>1:K. The index finds the nearest persons; the threshold, raised to the size of the gallery, decides whether it is any of them.</summary>
public sealed class Identifier(
    GalleryStore store, PersonSearch persons, IndexState state, ProbeReader probes, IOptions<GalleryOptions> options, TimeProvider time)
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
        var own = await store.FindActiveCalibrationAsync(gallery, cancellationToken);
        var probe = read.Readings[0];
        var embeddings = probe.Faces.Select(face => face.Embedding).OfType<float[]>().ToList();

        var started = time.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity(Telemetry.SearchSpan);
        var ranking = await persons.SearchAsync(
            query.Gallery,
            embeddings,
            gallery.Rule(),
            Math.Max(query.MaxCandidates, MinPersons),
            searched => query.IncludeBelowThreshold ? float.NegativeInfinity : ThresholdOf(query, gallery, own, read.Model, searched).Value,
            cancellationToken);
        var searching = time.GetElapsedTime(started);
        if (embeddings.Count > 0)
        {
            Telemetry.RecordSearch(activity, searching, ranking.Searched.Faces, embeddings.Count);
        }

        using var decision = Telemetry.Source.StartActivity(Telemetry.DecisionSpan);
        var threshold = ThresholdOf(query, gallery, own, read.Model, ranking.Searched);
        var margin = gallery.AmbiguityMargin ?? options.Value.AmbiguityMargin;
        var known = await PersonsAsync(query.Gallery, ranking, cancellationToken);
        if (known.Count == 0)
        {
            // Nobody, or nothing: the gallery may have been deleted meanwhile.
            await store.GetGalleryAsync(query.Gallery, cancellationToken);
        }

        var faces = new List<IdentifiedFace>(probe.Faces.Count);
        var searched = 0;
        foreach (var face in probe.Faces)
        {
            faces.Add(face.Embedding is null
                ? new IdentifiedFace(IdentificationOutcome.RejectedQuality, face, [])
                : Decide(query, face, ranking.Persons[searched++], known, threshold, margin));
        }

        Telemetry.Describe(decision, "identify", faces.Select(face => Words.Of(face.Outcome)), threshold);
        return new IdentificationAnswer
        {
            Faces = own?.Head is null && read.Model.Head is null ? faces : await WithProbabilitiesAsync(query.Gallery, faces, own, read.Model, cancellationToken),
            Threshold = threshold,
            EmbeddingContract = read.Model.EmbeddingContract,
            Probe = probe,
            Times = read.Times with { Searching = searching },
        };
    }

    private Threshold ThresholdOf(IdentificationQuery query, GalleryRow gallery, GalleryCalibration? own, EncoderModel model, IndexSize searched) =>
        ThresholdPolicy.ForIdentification(
            query.Wish,
            new ThresholdWish(gallery.IdentifyThreshold, gallery.MaxFalsePositiveRate),
            options.Value.MaxFalsePositiveRate,
            gallery.MaxFalseAcceptRate ?? options.Value.MaxFalseAcceptRate,
            searched.Persons,
            () => own?.ToBasis(model) ?? ModelCalibration.Of(model),
            // What a photo adds falls with their number, so the average number gives an upper estimate where some have many and others few.
            gallery.Rule().Comparisons((double)searched.Faces / Math.Max(searched.Persons, 1)));

    private static IdentifiedFace Decide(
        IdentificationQuery query, ProbeFace face, IReadOnlyList<RankedPerson> ranked, Dictionary<string, PersonRow> persons, Threshold threshold, float margin)
    {
        // A person deleted between search and reading is not named.
        var candidates = ranked
            .Where(person => persons.ContainsKey(person.PersonId))
            .Select(person => new Candidate(persons[person.PersonId], person.Similarity, person.FaceId, threshold.IsMet(person.Similarity)))
            .ToList();
        var outcome = IdentificationDecision.Decide(candidates.Select(candidate => candidate.Similarity), threshold, margin);
        return new IdentifiedFace(
            outcome,
            face,
            [.. candidates.Where(candidate => candidate.AboveThreshold || query.IncludeBelowThreshold).Take(query.MaxCandidates)]);
    }

    private async Task<List<IdentifiedFace>> WithProbabilitiesAsync(
        GalleryKey gallery, List<IdentifiedFace> faces, GalleryCalibration? own, EncoderModel model, CancellationToken cancellationToken)
    {
        var best = faces.SelectMany(face => face.Candidates).Select(candidate => candidate.BestFaceId).ToHashSet();
        var embeddings = best.Count == 0 ? [] : await store.GetEmbeddingsAsync(gallery, best, cancellationToken);
        return faces.ConvertAll(face => face with
        {
            Candidates =
            [
                .. face.Candidates.Select(candidate => embeddings.TryGetValue(candidate.BestFaceId, out var enrolled)
                    ? candidate with { Probability = VerificationDecision.Probability(model, own?.Head, enrolled, face.Face.Embedding) }
                    : candidate),
            ],
        });
    }

    private async Task<Dictionary<string, PersonRow>> PersonsAsync(GalleryKey gallery, PersonRanking ranking, CancellationToken cancellationToken)
    {
        var ids = ranking.Persons.SelectMany(persons => persons).Select(person => person.PersonId).ToHashSet(StringComparer.Ordinal);
        return ids.Count == 0 ? [] : await store.FindPersonsAsync(gallery, ids, cancellationToken);
    }
}
