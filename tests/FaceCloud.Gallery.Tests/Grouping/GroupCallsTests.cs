using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.Gallery.Tests.Grpc;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grouping;

public sealed class GroupCallsTests
{
    [Fact]
    public async Task Group_PhotosOfThreePersons_AGroupEach()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        var request = new GroupRequest
        {
            Items =
            {
                from person in Enumerable.Range(1, 3)
                from photo in Enumerable.Range(0, 4 - person)
                select new GroupItem { ItemId = $"{person}-{photo}", Probe = GalleryHost.PhotoProbe(TestPhotos.Person(person, photo)) },
            },
        };

        var answer = await host.Grouping.GroupAsync(request);

        Assert.Equal(["1-0 1-1 1-2", "2-0 2-1", "3-0"], answer.Groups.Select(Items));
        Assert.Equal([3, 2, 1], answer.Groups.Select(group => group.Faces.Count));
        Assert.All(answer.Groups.SelectMany(group => group.Faces), face => Assert.NotNull(face.Face));
        Assert.InRange(answer.Groups[0].Cohesion, answer.Threshold.Value, 1);
        Assert.Equal((1, 1), (answer.Groups[2].Cohesion, answer.Groups[2].Faces[0].Similarity));
        Assert.Equal((3e-3, ThresholdSource.ModelCalibration, TestFaces.Contract), (answer.Threshold.FalseAcceptRate, answer.Threshold.Source, answer.EmbeddingContract));
    }

    [Fact]
    public async Task Group_EmbeddingsAtKnownAngles_JoinsAtTheThresholdAsked()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        GroupItem[] items = [Item(1, 1), Item(0.8f, 1), Item(0.5f, 2)];

        var close = await host.Grouping.GroupAsync(new GroupRequest { Items = { items }, Threshold = 0.7f });
        var loose = await host.Grouping.GroupAsync(new GroupRequest { Items = { items }, Threshold = 0.44f });
        var all = await host.Grouping.GroupAsync(new GroupRequest { Items = { items }, MaxFalseAcceptRate = 0.5 });

        // The pair has 0.8; the third is at 0.5 and 0.4 to them, on average at 0.45.
        Assert.Equal(["0 1", "2"], close.Groups.Select(Items));
        Assert.Equal(["0 1 2"], loose.Groups.Select(Items));
        Assert.Equal((0.8 + 0.5 + 0.4) / 3, loose.Groups[0].Cohesion, 0.001);
        Assert.Equal(ThresholdSource.RequestRate, all.Threshold.Source);

        static GroupItem Item(float cosine, int axis) => new() { Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(cosine, axis)) };
    }

    [Fact]
    public async Task Group_WithEnrolledFaces_NewPhotosJoinThem()
    {
        await using var host = await GalleryHost.StartAsync();
        var face = (await host.EnrolAsync("ada", TestPhotos.Person(1))).Face;
        await host.EnrolAsync("bob", TestPhotos.Person(2));

        var answer = await host.Grouping.GroupAsync(new GroupRequest
        {
            GalleryId = GalleryHost.Staff,
            EnrolledFaces = true,
            Items = { new GroupItem { ItemId = "door", Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1, 1)) } },
        });

        Assert.Equal(2, answer.Groups.Count);
        Assert.Equal(["door", ""], answer.Groups[0].Faces.Select(member => member.ItemId).OrderDescending());
        Assert.Equal(("ada", face.FaceId), answer.Groups[0].Faces.Where(member => member.ItemId == "").Select(member => (member.PersonId, member.FaceId)).Single());
        Assert.Equal("bob", Assert.Single(answer.Groups[1].Faces).PersonId);
    }

    [Fact]
    public async Task Group_PhotoWithoutFaceAndSeveralFaces_SaysSo()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        GroupItem[] items = [new() { ItemId = "empty", Probe = GalleryHost.PhotoProbe(TestPhotos.Landscape()) }, new() { ItemId = "group", Probe = GalleryHost.PhotoProbe(TestPhotos.Group(1, 2)) }];

        var largest = await host.Grouping.GroupAsync(new GroupRequest { Items = { items } });
        var all = await host.Grouping.GroupAsync(new GroupRequest { Items = { items }, Faces = FaceSelection.All });

        Assert.Equal(("empty", QualityReason.NoFace), (largest.Ungrouped.Single().ItemId, largest.Ungrouped.Single().Reasons.Single()));
        Assert.Single(largest.Groups);
        Assert.Equal([("group", 0), ("group", 1)], all.Groups.SelectMany(group => group.Faces).Select(face => (face.ItemId, face.FaceIndex)).Order());
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"enrolledFaces":true}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"items":[{}]}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"items":[{"probe":{"photo":"AA=="}}],"threshold":0.3,"maxFalseAcceptRate":0.1}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"items":[{"probe":{"photo":"AA=="}}],"threshold":2}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"items":[{"probe":{"photo":"AA=="}}],"faces":9}""")]
    [InlineData(StatusCode.InvalidArgument, "PHOTO_NOT_AN_IMAGE", """{"items":[{"probe":{"photo":"AAAAAAAA"}}]}""")]
    [InlineData(StatusCode.InvalidArgument, "EMBEDDING_WRONG_LENGTH", """{"items":[{"probe":{"embedding":{"values":[1]}}}]}""")]
    [InlineData(StatusCode.FailedPrecondition, "CONTRACT_MISMATCH", """{"items":[{"probe":{"embedding":{"values":[1],"embeddingContract":"other:1"}}}]}""")]
    [InlineData(StatusCode.NotFound, "GALLERY_NOT_FOUND", """{"galleryId":"nowhere","enrolledFaces":true}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ID", """{"galleryId":"NO","enrolledFaces":true}""")]
    public async Task Group_BadRequest_SaysWhy(StatusCode status, string reason, string json)
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);

        await Failures.AssertFailsAsync(status, reason, host.Grouping.GroupAsync(GroupRequest.Parser.ParseJson(json)));
    }

    [Fact]
    public async Task Group_MoreFacesThanTheLimit_IsRefusedBeforeAnyWork()
    {
        await using var host = await GalleryHost.StartAsync(settings: new() { ["Grouping:MaxFaces"] = "3" });
        await host.StoreAsync([.. Enumerable.Range(1, 2).Select(axis => ($"person {axis}", GalleryHost.AtCosine(0, axis)))]);
        var two = Enumerable.Range(0, 2).Select(_ => new GroupItem { Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) }).ToArray();

        var within = await host.Grouping.GroupAsync(new GroupRequest { Items = { two } });
        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Grouping.GroupAsync(new GroupRequest { Items = { two }, GalleryId = GalleryHost.Staff, EnrolledFaces = true }));

        Assert.Single(within.Groups);
        Assert.Equal(0, host.Encoder.Calls);
    }

    [Fact]
    public async Task Group_ModelWithoutCalibration_NeedsAThreshold()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        host.Encoder.Calibration = [];
        var request = new GroupRequest { Items = { new GroupItem { Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) } } };

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "MODEL_NOT_CALIBRATED", host.Grouping.GroupAsync(request));
        request.Threshold = 0.4f;

        Assert.Single((await host.Grouping.GroupAsync(request)).Groups);
    }

    [Fact]
    public async Task Group_OverJson_AnswersAsOverGrpc()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        var items = new[] { 0, 1 }.Select(photo => new { itemId = $"{photo}", probe = new { photo = Convert.ToBase64String(TestPhotos.Person(1, photo)) } });

        var reply = await host.Http.PostAsJsonAsync("/v1/group", new { items }, TestContext.Current.CancellationToken);
        var answer = await reply.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(2, answer.GetProperty("groups")[0].GetProperty("faces").GetArrayLength());
    }

    private static string Items(FaceGroup group) => string.Join(' ', group.Faces.Select(face => face.ItemId).Order());
}
