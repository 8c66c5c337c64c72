using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Grpc;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Similar;

internal static class SimilarMapping
{
    private const int DefaultResults = 10;
    private const int MaxResults = 100;

    public static SimilarQuery ToQuery(V1.FindSimilarRequest request)
    {
        if (request.FaceId.Length > 0 == request.PersonId.Length > 0)
        {
            throw RequestChecks.Invalid("Set face_id or person_id, exactly one of them.");
        }

        return new SimilarQuery
        {
            Gallery = RequestChecks.Gallery(request.GalleryId),
            FaceId = request.FaceId.Length > 0 ? RequestChecks.Face(request.FaceId) : null,
            PersonId = request.PersonId.Length > 0 ? RequestChecks.Person(request.PersonId) : null,
            MaxResults = RequestChecks.Count(request.MaxResults, "max_results", MaxResults, DefaultResults),
            Wish = RequestChecks.Wish(
                request.HasThreshold ? request.Threshold : null,
                request.HasMaxFalseAcceptRate ? request.MaxFalseAcceptRate : null,
                "max_false_accept_rate"),
            OwnPerson = request.OwnPerson,
        };
    }

    public static V1.FindSimilarResponse ToProto(SimilarAnswer answer) => new()
    {
        Faces = { answer.Faces.Select(ToProto) },
        Persons =
        {
            answer.Persons.Select(found => new V1.SimilarPerson
            {
                PersonId = found.Person.PersonId,
                Name = found.Person.Name,
                ExternalId = found.Person.ExternalId,
                Similarity = found.Best.Similarity,
                BestFaceId = found.Best.FaceId.ToString(),
            }),
        },
        Threshold = answer.Threshold is null ? null : ThresholdMapping.ToProto(answer.Threshold),
        EmbeddingContract = answer.EmbeddingContract,
    };

    private static V1.SimilarFace ToProto(SimilarFace face) => new()
    {
        FaceId = face.FaceId.ToString(),
        PersonId = face.PersonId,
        Similarity = face.Similarity,
        Distance = Similarities.Distance(face.Similarity),
        LikeFaceId = face.LikeFaceId.ToString(),
    };
}
