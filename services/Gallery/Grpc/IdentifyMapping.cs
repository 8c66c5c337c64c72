using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Identification;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class IdentifyMapping
{
    private const int DefaultCandidates = 5;
    private const int MaxCandidates = 100;

    public static IdentificationQuery ToQuery(V1.IdentifyRequest request) => new()
    {
        Gallery = RequestChecks.Gallery(request.GalleryId),
        Probe = RequestChecks.Probe(request.Probe),
        AllFaces = request.Faces switch
        {
            V1.FaceSelection.Unspecified or V1.FaceSelection.Largest => false,
            V1.FaceSelection.All => true,
            _ => throw RequestChecks.Invalid("faces must be FACE_SELECTION_LARGEST or FACE_SELECTION_ALL."),
        },
        MaxCandidates = RequestChecks.Count(request.MaxCandidates, "max_candidates", MaxCandidates, DefaultCandidates),
        Wish = RequestChecks.Wish(
            request.HasThreshold ? request.Threshold : null,
            request.HasMaxFalsePositiveRate ? request.MaxFalsePositiveRate : null,
            "max_false_positive_rate"),
        IncludeBelowThreshold = request.IncludeBelowThreshold,
    };

    public static V1.IdentifyResponse ToProto(IdentificationAnswer answer, float highQuality, TimeSpan total) => new()
    {
        Outcome = answer.Faces.Count > 0 ? ToProto(answer.Faces[0].Outcome) : V1.IdentifyOutcome.NoFace,
        Faces =
        {
            answer.Faces.Select(face => new V1.IdentifiedFace
            {
                Outcome = ToProto(face.Outcome),
                Face = FaceMapping.ToProto(face.Face, answer.Probe, highQuality),
                Candidates = { face.Candidates.Select(ToProto) },
                Reasons = { ReasonsMapping.Of(face.Face) },
            }),
        },
        Threshold = ThresholdMapping.ToProto(answer.Threshold),
        EmbeddingContract = answer.EmbeddingContract,
        Timings = FaceMapping.ToProto(answer.Times, total),
        FacesFound = answer.Probe.FacesFound,
    };

    private static V1.IdentifyOutcome ToProto(IdentificationOutcome outcome) => (V1.IdentifyOutcome)outcome;

    private static V1.Candidate ToProto(Candidate candidate)
    {
        var proto = new V1.Candidate
        {
            PersonId = candidate.Person.PersonId,
            Name = candidate.Person.Name,
            ExternalId = candidate.Person.ExternalId,
            Similarity = candidate.Similarity,
            Distance = Similarities.Distance(candidate.Similarity),
            BestFaceId = candidate.BestFaceId.ToString(),
            AboveThreshold = candidate.AboveThreshold,
        };
        if (candidate.Probability is { } probability)
        {
            // Unset and 0 are two things.
            proto.Probability = (float)probability;
        }

        return proto;
    }
}
