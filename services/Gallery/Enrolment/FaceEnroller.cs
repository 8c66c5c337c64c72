using System.Security.Cryptography;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Vision;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Enrolment;

/// <summary>Enrols a person from one photo, while somebody waits.</summary>
public sealed class FaceEnroller(
    GalleryStore store, GalleryWriter writer, IndexState state, FaceAnalyzer analyzer, IFaceEncoder encoder, IOptions<VisionOptions> vision)
{
    /// <exception cref="FailureException">GalleryNotFound, PersonDeleted, ContractMismatch, StoreUnavailable, Photo…, Encoder….</exception>
    public async Task<EnrolmentAnswer> EnrolAsync(EnrolmentRequest request, CancellationToken cancellationToken)
    {
        await state.RequireAsync(cancellationToken);
        var (gallery, acceptance) = await store.BeginEnrolmentAsync(request.Gallery, request.PersonId, cancellationToken);
        var sha = Convert.ToHexStringLower(SHA256.HashData(request.Photo.Span));
        var id = FaceIds.Face(request.Gallery.TenantId, request.Gallery.GalleryId, request.PersonId, sha, 0);
        if (await store.FindFaceAsync(request.Gallery, id, cancellationToken) is { } known)
        {
            await writer.RequireSearchableAsync(request.Gallery, id, cancellationToken);
            return new EnrolmentAnswer { Outcome = EnrolOutcome.Duplicate, Face = known };
        }

        var photo = await analyzer.AnalyzeAsync(request.Photo, vision.Value.EnrolmentGate(request.MinQuality ?? gallery.MinQuality), maxFaces: 1, cancellationToken);
        var verdict = EnrolmentVerdict.Of(photo, request.MaxFaces);
        var answer = new EnrolmentAnswer { Outcome = verdict.Refusal, Reasons = verdict.Reasons, Photo = photo, Times = new StageTimes().With(photo) };
        if (verdict.Face is not { } face)
        {
            return answer;
        }

        var encoded = await encoder.EncodeAsync([face.Crop], EncodePriority.Interactive, cancellationToken);
        using var upsert = Telemetry.Source.StartActivity(Telemetry.UpsertSpan);
        var stored = (await writer.AddFacesAsync(
            request.Gallery,
            [
                new NewFace
                {
                    PersonId = request.PersonId,
                    PersonName = request.PersonName,
                    PhotoSha256 = sha,
                    Embedding = Embeddings.Normalized(encoded.Embeddings[0])
                        ?? throw new FailureException(FailureReason.EmbeddingNotFinite, "The model gave no usable embedding for this face; send another photo."),
                    EmbeddingContract = encoded.EmbeddingContract,
                    Box = face.Box,
                    Quality = face.Quality,
                    Acceptance = acceptance,
                },
            ],
            cancellationToken))[0];
        return answer with
        {
            Outcome = stored.State switch
            {
                StoredFaceState.Added => EnrolOutcome.Enrolled,
                StoredFaceState.AddedBefore or StoredFaceState.Duplicate => EnrolOutcome.Duplicate,
                _ => throw stored.Refusal!,
            },
            Face = stored.Row,
            Reasons = [],
            Times = answer.Times.With(encoded),
        };
    }
}
