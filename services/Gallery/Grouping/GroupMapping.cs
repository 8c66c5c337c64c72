using FaceCloud.Contracts;
using FaceCloud.Gallery.Grpc;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grouping;

internal static class GroupMapping
{
    private const int MaxIdLength = 256;

    public static GroupQuery ToQuery(V1.GroupRequest request)
    {
        if (request.Items.Count == 0 && !request.EnrolledFaces)
        {
            throw RequestChecks.Invalid("Give items, or set enrolled_faces: there is nothing to put into groups.");
        }

        if (request.EnrolledFaces && request.GalleryId.Length == 0)
        {
            throw RequestChecks.Invalid("enrolled_faces needs a gallery_id.");
        }

        foreach (var item in request.Items)
        {
            Ids.CheckText("item_id", item.ItemId, MaxIdLength);
        }

        return new GroupQuery
        {
            Gallery = request.GalleryId.Length > 0 ? RequestChecks.Gallery(request.GalleryId) : null,
            Items = [.. request.Items.Select((item, position) => (item.ItemId.Length > 0 ? item.ItemId : $"{position}", RequestChecks.Probe(item.Probe)))],
            EnrolledFaces = request.EnrolledFaces,
            AllFaces = request.Faces switch
            {
                V1.FaceSelection.Unspecified or V1.FaceSelection.Largest => false,
                V1.FaceSelection.All => true,
                _ => throw RequestChecks.Invalid("faces must be FACE_SELECTION_LARGEST or FACE_SELECTION_ALL."),
            },
            Wish = RequestChecks.Wish(
                request.HasThreshold ? request.Threshold : null,
                request.HasMaxFalseAcceptRate ? request.MaxFalseAcceptRate : null,
                "max_false_accept_rate"),
        };
    }

    public static V1.GroupResponse ToProto(GroupAnswer answer, float highQuality, TimeSpan total) => new()
    {
        Groups =
        {
            answer.Groups.Select(group => new V1.FaceGroup
            {
                Faces = { group.Faces.Select(face => ToProto(face.Source, face.Similarity, highQuality)) },
                Cohesion = group.Cohesion,
            }),
        },
        Ungrouped =
        {
            answer.Ungrouped.Select(source => new V1.UngroupedItem
            {
                ItemId = source.ItemId,
                FaceIndex = source.Index,
                Face = FaceMapping.ToProto(source.Face, source.Reading!, highQuality),
                Reasons = { ReasonsMapping.Of(source.Face) },
            }),
        },
        Threshold = ThresholdMapping.ToProto(answer.Threshold),
        EmbeddingContract = answer.EmbeddingContract,
        Timings = FaceMapping.ToProto(answer.Times, total),
    };

    private static V1.GroupedFace ToProto(FaceSource source, float similarity, float highQuality) => new()
    {
        ItemId = source.ItemId,
        FaceIndex = source.Index,
        Face = source.Reading is { } reading ? FaceMapping.ToProto(source.Face, reading, highQuality) : null,
        FaceId = source.FaceId?.ToString() ?? "",
        PersonId = source.PersonId,
        Similarity = similarity,
    };
}
