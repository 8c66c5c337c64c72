using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Verification;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class VerifyMapping
{
    public static VerificationQuery ToQuery(V1.VerifyRequest request)
    {
        var againstPerson = request.AgainstCase == V1.VerifyRequest.AgainstOneofCase.PersonId;
        return new VerificationQuery
        {
            Gallery = request.GalleryId.Length > 0 || againstPerson ? RequestChecks.Gallery(request.GalleryId) : null,
            Probe = RequestChecks.Probe(request.Probe),
            PersonId = againstPerson ? RequestChecks.Person(request.PersonId) : null,
            Reference = request.AgainstCase switch
            {
                V1.VerifyRequest.AgainstOneofCase.PersonId => null,
                V1.VerifyRequest.AgainstOneofCase.Photo => new PhotoInput(request.Photo.Memory),
                V1.VerifyRequest.AgainstOneofCase.Embedding => RequestChecks.Embedding(request.Embedding),
                _ => throw RequestChecks.Invalid("Say what to compare with: person_id, photo or embedding."),
            },
            Wish = RequestChecks.Wish(
                request.HasThreshold ? request.Threshold : null,
                request.HasMaxFalseAcceptRate ? request.MaxFalseAcceptRate : null,
                "max_false_accept_rate"),
        };
    }

    public static V1.VerifyResponse ToProto(VerificationAnswer answer, float highQuality, TimeSpan total)
    {
        var response = new V1.VerifyResponse
        {
            Outcome = (V1.VerifyOutcome)answer.Outcome,
            Matched = answer.Outcome == VerificationOutcome.Match,
            Similarity = answer.Similarity ?? 0,
            Distance = answer.Similarity is { } similarity ? Similarities.Distance(similarity) : 0,
            Threshold = ThresholdMapping.ToProto(answer.Threshold),
            EmbeddingContract = answer.EmbeddingContract,
            BestFaceId = answer.BestFaceId?.ToString() ?? "",
            ProbeFace = FaceMapping.ToProto(answer.Face, answer.Probe, highQuality),
            Reasons = { ReasonsMapping.Of(answer.Face) },
            Timings = FaceMapping.ToProto(answer.Times, total),
        };
        if (answer.Probability is { } probability)
        {
            // Unset and 0 are two things, so it cannot stand in the initialiser.
            response.Probability = (float)probability;
        }

        return response;
    }
}
