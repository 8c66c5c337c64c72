using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Similar;

/// <summary>
/// Compares templates with templates. The index finds the nearest persons; the nearest faces are among theirs, since
/// k faces belong to no more than k persons, and no other person has a face as near.
/// </summary>
public sealed class SimilarFinder(GalleryStore store, IFaceIndex index, IndexState state, IFaceEncoder encoder, IOptions<GalleryOptions> options)
{
    /// <exception cref="FailureException">GalleryNotFound, FaceNotFound, PersonNotFound, PersonHasNoFace, ContractMismatch, ModelNotCalibrated, StoreUnavailable, Encoder….</exception>
    public async Task<SimilarAnswer> FindAsync(SimilarQuery query, CancellationToken cancellationToken)
    {
        await state.RequireAsync(cancellationToken);
        var gallery = await store.GetGalleryAsync(query.Gallery, cancellationToken);
        var (own, asked) = await AskedAsync(query, cancellationToken);
        var threshold = await ThresholdAsync(query.Wish, gallery, cancellationToken);

        // One more, since the person is in it.
        var search = await index.SearchAsync(query.Gallery, [.. asked.Select(face => face.Embedding)], query.MaxResults + 1, cancellationToken);
        var near = search.Matches
            .SelectMany(matches => matches)
            .Where(match => match.PersonId != own)
            .GroupBy(match => match.PersonId, StringComparer.Ordinal)
            .Select(person => (person.Key, Best: person.Max(match => match.Similarity)))
            .OrderByDescending(person => person.Best)
            .ThenBy(person => person.Key, StringComparer.Ordinal)
            .Take(query.MaxResults)
            .Select(person => person.Key)
            .ToList();

        var persons = await store.FindPersonsAsync(query.Gallery, near, cancellationToken);
        var faces = (await store.GetPersonsVectorsAsync(query.Gallery, query.OwnPerson ? [.. near, own] : near, cancellationToken)).Values
            .SelectMany(face => face)
            .Where(face => asked.All(one => one.FaceId != face.FaceId))
            .Select(face => Nearest(face, asked))
            .Where(face => threshold?.IsMet(face.Similarity) ?? true)
            .OrderByDescending(face => face.Similarity)
            .ThenBy(face => face.FaceId)
            .ToList();
        return new SimilarAnswer(
            [.. faces.Take(query.MaxResults)],
            [.. faces.Where(face => face.PersonId != own && persons.ContainsKey(face.PersonId)).DistinctBy(face => face.PersonId).Select(face => (persons[face.PersonId], face))],
            threshold,
            gallery.EmbeddingContract);
    }

    private async Task<(string PersonId, IReadOnlyList<FaceVector> Faces)> AskedAsync(SimilarQuery query, CancellationToken cancellationToken)
    {
        if (query.FaceId is { } faceId)
        {
            var row = await store.FindFaceAsync(query.Gallery, faceId, cancellationToken)
                ?? throw new FailureException(FailureReason.FaceNotFound, $"There is no face '{faceId}' in the gallery; it may have been deleted.");
            return (row.PersonId, [new FaceVector(row.FaceId, row.PersonId, Contracts.EmbeddingBytes.ToFloats(row.Embedding))]);
        }

        var faces = await store.GetPersonVectorsAsync(query.Gallery, query.PersonId!, cancellationToken);
        if (faces.Count > 0)
        {
            return (query.PersonId!, faces);
        }

        throw await store.FindPersonAsync(query.Gallery, query.PersonId!, cancellationToken) is null
                ? GalleryStore.NoPerson(query.PersonId!)
                : new FailureException(FailureReason.PersonHasNoFace, "The person has no face to compare with; enrol a photo first.");
    }

    // A rate needs the model that the gallery is of; a cosine needs none.
    private async Task<Threshold?> ThresholdAsync(ThresholdWish wish, GalleryRow gallery, CancellationToken cancellationToken)
    {
        if (wish is { Cosine: null, Rate: null })
        {
            return null;
        }

        if (wish.Cosine is not null)
        {
            return ThresholdPolicy.ForVerification(wish, default, options.Value.MaxFalseAcceptRate, () => throw new InvalidOperationException("A cosine needs no calibration."));
        }

        var model = await encoder.GetModelAsync(cancellationToken);
        Probes.ProbeReader.RequireContract(gallery.EmbeddingContract, model);
        return ThresholdPolicy.ForVerification(wish, default, options.Value.MaxFalseAcceptRate, () => ModelCalibration.Of(model));
    }

    private static SimilarFace Nearest(FaceVector face, IReadOnlyList<FaceVector> asked)
    {
        var best = new SimilarFace(face.FaceId, face.PersonId, float.NegativeInfinity, Guid.Empty);
        foreach (var one in asked)
        {
            var similarity = Similarities.Cosine(face.Embedding, one.Embedding);
            if (similarity > best.Similarity)
            {
                best = best with { Similarity = similarity, LikeFaceId = one.FaceId };
            }
        }

        return best;
    }
}
