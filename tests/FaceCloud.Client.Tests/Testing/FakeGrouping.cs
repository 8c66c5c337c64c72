using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>Faces of one name are a group.</summary>
internal sealed class FakeGrouping(FakeGallery gallery) : GroupingService.GroupingServiceBase
{
    public GroupRequest? LastGroup { get; private set; }

    public FindSimilarRequest? LastSimilar { get; private set; }

    public override Task<GroupResponse> Group(GroupRequest request, ServerCallContext context)
    {
        LastGroup = request;
        var faces = request.Items.Select(item => (item.ItemId, Faces: FakePhoto.Faces(item.Probe.Photo))).ToArray();
        return Task.FromResult(new GroupResponse
        {
            Groups =
            {
                faces.Where(item => item.Faces.Length > 0).GroupBy(item => item.Faces[0]).OrderByDescending(group => group.Count()).Select(group => new FaceGroup
                {
                    Cohesion = 0.6f,
                    Faces = { group.Select(item => new GroupedFace { ItemId = item.ItemId, Similarity = 0.6f, Face = FakePhoto.Detected(item.Faces[0]) }) },
                }),
            },
            Ungrouped = { faces.Where(item => item.Faces.Length == 0).Select(item => new UngroupedItem { ItemId = item.ItemId, Reasons = { QualityReason.NoFace } }) },
            Threshold = new Threshold { Value = 0.37f, Source = ThresholdSource.ModelCalibration, FalseAcceptRate = 1e-3 },
            EmbeddingContract = "fake:000000000000",
            Timings = new Timings { TotalMs = 5 },
        });
    }

    public override async Task<FindSimilarResponse> FindSimilar(FindSimilarRequest request, ServerCallContext context)
    {
        LastSimilar = request;
        await gallery.GetPerson(new GetPersonRequest { GalleryId = request.GalleryId, PersonId = request.PersonId }, context);
        return new FindSimilarResponse
        {
            Faces = { new SimilarFace { FaceId = "face-2", PersonId = "grace", Similarity = 0.3f, Distance = 1.4f, LikeFaceId = "face-1" } },
            Persons = { new SimilarPerson { PersonId = "grace", Name = "Grace", Similarity = 0.3f, BestFaceId = "face-2" } },
            EmbeddingContract = "fake:000000000000",
        };
    }
}
