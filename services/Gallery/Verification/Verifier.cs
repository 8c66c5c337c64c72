using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using FaceCloud.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Verification;

/// <summary>1:1. Compares with the faces in the store itself: a person has few, and the store is the truth.</summary>
public sealed class Verifier(GalleryStore store, ProbeReader probes, IOptions<GalleryOptions> options, TimeProvider time)
{
    /// <exception cref="FailureException">GalleryNotFound, PersonNotFound, PersonHasNoFace, ReferenceUnusable, ContractMismatch, ModelNotCalibrated, Photo…, Embedding…, Encoder….</exception>
    public async Task<VerificationAnswer> VerifyAsync(VerificationQuery query, CancellationToken cancellationToken)
    {
        var gallery = query.Gallery is { } key ? await store.GetGalleryAsync(key, cancellationToken) : null;
        var enrolled = query.PersonId is { } personId
            ? await PersonAsync(query.Gallery!.Value, personId, cancellationToken)
            : null;

        ProbeInput[] inputs = query.Reference is { } reference ? [query.Probe, reference] : [query.Probe];
        var galleryContract = enrolled is null ? "" : gallery!.EmbeddingContract;
        var read = await probes.ReadAsync(inputs, maxFaces: 1, galleryContract, cancellationToken);

        var rule = gallery?.Rule() ?? ScoringRule.BestFace;
        var own = gallery?.EmbeddingContract != read.Model.EmbeddingContract ? null : await store.FindActiveCalibrationAsync(gallery!, cancellationToken);
        using var decision = Telemetry.Source.StartActivity(Telemetry.DecisionSpan);
        var threshold = ThresholdPolicy.ForVerification(
            query.Wish,
            new ThresholdWish(gallery?.VerifyThreshold, gallery?.MaxFalseAcceptRate),
            options.Value.MaxFalseAcceptRate,
            () => own?.ToBasis(read.Model) ?? ModelCalibration.Of(read.Model),
            enrolled is null ? 1 : rule.Comparisons(enrolled.Count));
        var probe = read.Readings[0];
        var answer = new VerificationAnswer
        {
            Outcome = VerificationOutcome.NoFace,
            Threshold = threshold,
            EmbeddingContract = read.Model.EmbeddingContract,
            Face = probe.Faces.Count > 0 ? probe.Faces[0] : null,
            Probe = probe,
            Times = read.Times,
        };
        if (answer.Face is null)
        {
            return answer;
        }

        if (answer.Face.Embedding is not { } embedding)
        {
            return answer with { Outcome = VerificationOutcome.RejectedQuality };
        }

        enrolled ??= [new FaceVector(Guid.Empty, "", ReferenceEmbedding(read.Readings[1]))];
        var started = time.GetTimestamp();
        var (best, similarity) = rule.Score(enrolled, embedding);
        var outcome = VerificationDecision.Decide(similarity, threshold);
        Telemetry.Describe(decision, "verify", [Words.Of(outcome)], threshold);
        return answer with
        {
            Outcome = outcome,
            Similarity = similarity,
            Probability = VerificationDecision.Probability(read.Model, own?.Head, best.Embedding, embedding),
            BestFaceId = query.PersonId is null ? null : best.FaceId,
            Times = read.Times with { Searching = time.GetElapsedTime(started) },
        };
    }

    private async Task<IReadOnlyList<FaceVector>> PersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken)
    {
        var faces = await store.GetPersonVectorsAsync(gallery, personId, cancellationToken);
        if (faces.Count > 0)
        {
            return faces;
        }

        throw await store.FindPersonAsync(gallery, personId, cancellationToken) is null
            ? GalleryStore.NoPerson(personId)
            : new FailureException(FailureReason.PersonHasNoFace, "The person has no face to compare with; enrol a photo first.");
    }

    private static float[] ReferenceEmbedding(ProbeReading reference) =>
        reference.Faces is [{ Embedding: { } embedding }, ..]
            ? embedding
            : throw new FailureException(
                FailureReason.ReferenceUnusable,
                reference.Faces.Count == 0
                    ? "The photo to compare with shows no face; send another one."
                    : $"The face of the photo to compare with is not fit ({string.Join(", ", reference.Faces[0].Reasons)}); send a better photo.");
}
