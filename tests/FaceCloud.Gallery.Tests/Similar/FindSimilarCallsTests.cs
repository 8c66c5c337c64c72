using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Tests.Grpc;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Similar;

public sealed class FindSimilarCallsTests
{
    [Fact]
    public async Task FindSimilar_ManyFaces_EqualsLookingAtAllOfThem()
    {
        var random = new Random(11);
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync([.. Enumerable.Range(0, 120).Select(index => ($"person {index % 30:00}", Direction(random)))]);
        var all = await host.AllFacesAsync();
        var asked = all.Where(face => face.PersonId == "person 07").ToArray();

        var ofPerson = await host.Grouping.FindSimilarAsync(new FindSimilarRequest { GalleryId = GalleryHost.Staff, PersonId = "person 07", MaxResults = 12 });
        var ofFace = await host.Grouping.FindSimilarAsync(new FindSimilarRequest { GalleryId = GalleryHost.Staff, FaceId = asked[0].FaceId.ToString(), MaxResults = 12 });

        Assert.Equal(Expected(all, asked, 12), ofPerson.Faces.Select(face => face.FaceId));
        Assert.Equal(Expected(all, [asked[0]], 12), ofFace.Faces.Select(face => face.FaceId));
        Assert.Equal(12, ofPerson.Persons.Count);
        Assert.Equal(ofPerson.Persons.OrderByDescending(person => person.Similarity), ofPerson.Persons);
        Assert.Equal(ofPerson.Faces[0].FaceId, ofPerson.Persons[0].BestFaceId);
        Assert.All(ofPerson.Faces, face => Assert.Equal(2 - (2 * face.Similarity), face.Distance, 1e-5f));
    }

    [Fact]
    public async Task FindSimilar_OwnPerson_ListsTheOtherFacesOfThePersonToo()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)), ("ada", GalleryHost.AtCosine(0.9f, 1)), ("bob", GalleryHost.AtCosine(0.5f, 2)), ("eve", GalleryHost.AtCosine(0.2f, 3)));
        var face = (await host.AllFacesAsync()).First(known => known.PersonId == "ada").FaceId.ToString();

        var others = await host.Grouping.FindSimilarAsync(new FindSimilarRequest { GalleryId = GalleryHost.Staff, FaceId = face });
        var withOwn = await host.Grouping.FindSimilarAsync(new FindSimilarRequest { GalleryId = GalleryHost.Staff, FaceId = face, OwnPerson = true });
        var near = await host.Grouping.FindSimilarAsync(new FindSimilarRequest { GalleryId = GalleryHost.Staff, FaceId = face, Threshold = 0.4f });

        Assert.Equal(["bob", "eve"], others.Faces.Select(found => found.PersonId));
        Assert.Equal(["ada", "bob", "eve"], withOwn.Faces.Select(found => found.PersonId));
        Assert.Equal(["bob", "eve"], withOwn.Persons.Select(found => found.PersonId));
        Assert.Equal(["bob"], near.Faces.Select(found => found.PersonId));
        Assert.Null(others.Threshold);
        Assert.Equal(0.4f, near.Threshold.Value);
    }

    [Fact]
    public async Task FindSimilar_FalseAcceptRate_UsesTheCalibration()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)), ("bob", GalleryHost.AtCosine(0.41f, 2)), ("eve", GalleryHost.AtCosine(0.39f, 3)));

        // The fake model has cosine 0.40 at 1e-3.
        var answer = await host.Grouping.FindSimilarAsync(new FindSimilarRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", MaxFalseAcceptRate = 1e-3 });

        Assert.Equal(["bob"], answer.Persons.Select(person => person.PersonId));
        Assert.Equal(1e-3, answer.Threshold.FalseAcceptRate);
    }

    [Fact]
    public async Task FindSimilar_OnlyOnePerson_IsEmpty()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)));

        var answer = await host.Grouping.FindSimilarAsync(new FindSimilarRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", MaxResults = 100 });

        Assert.Empty(answer.Faces);
        Assert.Empty(answer.Persons);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff"}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff","personId":"ada","faceId":"8f14e45f-ceea-567a-9b6e-3d2c1f0a7b55"}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff","personId":"ada","maxResults":101}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff","personId":"ada","maxResults":-1}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ID", """{"galleryId":"staff","faceId":"7"}""")]
    [InlineData(StatusCode.NotFound, "GALLERY_NOT_FOUND", """{"galleryId":"nowhere","personId":"ada"}""")]
    [InlineData(StatusCode.NotFound, "PERSON_NOT_FOUND", """{"galleryId":"staff","personId":"eve"}""")]
    [InlineData(StatusCode.NotFound, "FACE_NOT_FOUND", """{"galleryId":"staff","faceId":"8f14e45f-ceea-567a-9b6e-3d2c1f0a7b55"}""")]
    [InlineData(StatusCode.FailedPrecondition, "PERSON_HAS_NO_FACE", """{"galleryId":"staff","personId":"ada"}""")]
    public async Task FindSimilar_BadRequest_SaysWhy(StatusCode status, string reason, string json)
    {
        await using var host = await GalleryHost.StartAsync();
        await host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });

        await Failures.AssertFailsAsync(status, reason, host.Grouping.FindSimilarAsync(FindSimilarRequest.Parser.ParseJson(json)));
    }

    [Fact]
    public async Task FindSimilar_OverJson_AnswersAsOverGrpc()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)), ("bob", GalleryHost.AtCosine(0.5f, 2)));

        var answer = await host.Http.GetFromJsonAsync<JsonElement>("/v1/galleries/staff/persons/ada:similar?max_results=1", TestContext.Current.CancellationToken);

        Assert.Equal("bob", answer.GetProperty("persons")[0].GetProperty("personId").GetString());
    }

    private static float[] Direction(Random random) =>
        Embeddings.Normalized([.. Enumerable.Range(0, FakeFaceEncoder.Dimension).Select(_ => random.NextSingle() - 0.5f)])!;

    private static IEnumerable<string> Expected(IReadOnlyList<FaceVector> all, FaceVector[] asked, int count) =>
        all.Where(face => face.PersonId != asked[0].PersonId)
            .OrderByDescending(face => asked.Max(one => Similarities.Cosine(one.Embedding, face.Embedding)))
            .Take(count)
            .Select(face => face.FaceId.ToString());
}
