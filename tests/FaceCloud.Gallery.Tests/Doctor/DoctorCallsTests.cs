using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Tests.Grpc;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Doctor;

public sealed class DoctorCallsTests
{
    private const int Persons = 100;
    private const int PhotosEach = 6;

    [Fact]
    public async Task Examine_PlantedErrors_FindsAllOfThemAndNothingElse()
    {
        await using var host = await GalleryHost.StartAsync();
        var faces = People(new Random(3), Persons);
        var swapped = Swap(faces, 20);
        var doubled = Double(faces, 10);
        await host.StoreAsync([.. faces]);
        var wrong = swapped.Select(index => (Person: faces[index].Person, Embedding: faces[index].Embedding)).ToList();

        var answer = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff });

        var all = await host.AllFacesAsync();
        var expected = wrong.Select(planted => all.Single(face => face.Embedding.AsSpan().SequenceEqual(planted.Embedding)).FaceId.ToString());
        Assert.Equal(expected.Order(), answer.Mislabelled.Select(face => face.FaceId).Order());
        Assert.Equal(doubled.Order(), answer.Duplicates.Select(pair => (pair.PersonId, pair.OtherPersonId)).Order());
        Assert.Empty(answer.LookAlikes);
        Assert.Equal((40, 10, 0), (answer.Counts.Mislabelled, answer.Counts.Duplicates, answer.Counts.LookAlikes));
        Assert.Equal((Persons + 10, Persons * PhotosEach), (answer.PersonsExamined, answer.FacesExamined));
        Assert.All(answer.Mislabelled, face => Assert.True(face.OwnSimilarity < answer.MatchThreshold.Value && face.LikelySimilarity > face.OwnSimilarity));
    }

    [Fact]
    public async Task Examine_MislabelledFace_NamesWhoItLooksLike()
    {
        await using var host = await GalleryHost.StartAsync();
        var faces = People(new Random(5), 10);
        var (one, other) = (faces[0], faces[PhotosEach]);
        (faces[0], faces[PhotosEach]) = ((one.Person, other.Embedding), (other.Person, one.Embedding));
        await host.StoreAsync([.. faces]);

        var answer = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff });

        Assert.Equal(
            [(one.Person, other.Person), (other.Person, one.Person)],
            answer.Mislabelled.Select(face => (face.PersonId, face.LikelyPersonId)).Order());
    }

    // Cosine 0.45 to each photo of bob: no name among so many, but a match, and 0.45 more than to her own.
    [Theory]
    [InlineData(0.45f, 1)]
    [InlineData(0.35f, 0)]
    public async Task Examine_FaceNotNearEnoughToBeNamed_IsMislabelledWhenClearlyMoreLikeAnother(float cosine, int expected)
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", At(0, 1, 1f)), ("ada", At(0, 1, 0.9f)), ("ada", At(2, 3, cosine)), ("bob", At(2, 4, 1f)), ("bob", At(2, 4, 0.99f)));

        var answer = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff, NameThreshold = 0.6f, MatchThreshold = 0.4f });

        Assert.Equal(Enumerable.Repeat(("ada", "bob"), expected), answer.Mislabelled.Select(face => (face.PersonId, face.LikelyPersonId)));
        Assert.Equal((0, 0), (answer.Duplicates.Count, answer.LookAlikes.Count));
    }

    // Two one-photo persons at 0.6, two at 0.44 (would match, but not be named among so many), one alone, one empty.
    [Fact]
    public async Task Examine_PairsOfPersons_DuplicatesLookAlikesAndOthersApart()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(
            ("a1", At(0, 1, 1f)), ("a2", At(0, 1, 0.6f)),
            ("b1", At(2, 3, 1f)), ("b2", At(2, 3, 0.42f)),
            ("c1", At(4, 5, 1f)), ("c1", At(4, 5, 0.5f)), ("c2", At(4, 6, 0.6f)), ("c2", At(4, 6, 0.1f)));
        await host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = GalleryHost.Staff, PersonId = "nobody" });

        var answer = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff, NameThreshold = 0.5f, MatchThreshold = 0.4f });

        Assert.Equal([("a1", "a2")], answer.Duplicates.Select(pair => (pair.PersonId, pair.OtherPersonId)));
        Assert.Equal([("c1", "c2")], answer.LookAlikes.Select(pair => (pair.PersonId, pair.OtherPersonId)));
        Assert.Equal(["a1", "a2", "b1", "b2"], answer.SinglePhotoPersons);
        Assert.Equal(["nobody"], answer.EmptyPersons);
        Assert.Equal((0.5f, ThresholdSource.Request), (answer.NameThreshold.Value, answer.NameThreshold.Source));
    }

    [Fact]
    public async Task Examine_WeakTemplates_WorstFirstWithReasons()
    {
        await using var host = await GalleryHost.StartAsync(settings: new() { ["Doctor:LowQuality"] = "0.8" });
        await host.StoreAsync(("ada", At(0, 1, 1f)), ("ada", At(0, 1, 0.95f)), ("ada", At(0, 2, 0.2f)));

        var poor = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff });

        // All test faces have a score of 0.75; the third is at 0.2 to the others, and would match none of them.
        Assert.Equal(3, poor.WeakTemplates.Count);
        Assert.Equal([WeakReason.LowQuality, WeakReason.FarFromOwn], poor.WeakTemplates[0].Reasons);
        Assert.Equal(0.2f, poor.WeakTemplates[0].OwnSimilarity, 0.01f);
        Assert.All(poor.WeakTemplates.Skip(1), template => Assert.Equal([WeakReason.LowQuality], template.Reasons));
    }

    [Fact]
    public async Task Examine_FewerFacesThanThereAre_IsAFairSampleAndSaysSo()
    {
        await using var host = await GalleryHost.StartAsync();
        var faces = People(new Random(9), Persons);
        await host.StoreAsync([.. faces]);

        var answer = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff, MaxFaces = 150, MaxFindings = 1 });
        var again = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff, MaxFaces = 150 });

        Assert.InRange(answer.FacesExamined, 60, 300);
        Assert.Equal((Persons, Persons * PhotosEach), (answer.PersonsTotal, answer.FacesTotal));
        Assert.Equal(answer.FacesExamined, again.FacesExamined);
    }

    [Fact]
    public async Task Examine_EmptyGallery_FindsNothing()
    {
        await using var host = await GalleryHost.StartAsync();

        var answer = await host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff });

        Assert.Equal(new FindingCounts(), answer.Counts);
        Assert.Equal(0, answer.FacesExamined);
    }

    [Fact]
    public async Task Examine_GalleryOfAnotherModel_IsContractMismatch()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", At(0, 1, 1f)));
        host.Encoder.Contract = "another:0123456789ab";

        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition, "CONTRACT_MISMATCH", host.Doctor.ExamineAsync(new ExamineRequest { GalleryId = GalleryHost.Staff, MatchThreshold = 0.4f, NameThreshold = 0.5f }));
    }

    [Fact]
    public async Task Examine_ModelWithoutCalibration_NeedsBothThresholds()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", At(0, 1, 1f)));
        host.Encoder.Calibration = [];
        var request = new ExamineRequest { GalleryId = GalleryHost.Staff, MatchThreshold = 0.4f };

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "MODEL_NOT_CALIBRATED", host.Doctor.ExamineAsync(request));
        request.NameThreshold = 0.5f;

        Assert.Equal(1, (await host.Doctor.ExamineAsync(request)).FacesExamined);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "GALLERY_NOT_FOUND", """{"galleryId":"nowhere"}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ID", """{"galleryId":""}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff","maxFaces":-1}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff","maxFindings":1001}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff","matchThreshold":1.5}""")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT", """{"galleryId":"staff","nameThreshold":"NaN"}""")]
    public async Task Examine_BadRequest_SaysWhy(StatusCode status, string reason, string json)
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(status, reason, host.Doctor.ExamineAsync(ExamineRequest.Parser.ParseJson(json)));
    }

    [Fact]
    public async Task Examine_OverJson_AnswersAsOverGrpc()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("a1", At(0, 1, 1f)), ("a2", At(0, 1, 0.9f)));

        var answer = await host.Http.GetFromJsonAsync<JsonElement>("/v1/galleries/staff:examine?name_threshold=0.8", TestContext.Current.CancellationToken);

        Assert.Equal("1", answer.GetProperty("counts").GetProperty("duplicates").GetString());
    }

    // Persons at right angles or nearly so; photos of one at about 0.7 to each other.
    private static List<(string Person, float[] Embedding)> People(Random random, int persons) =>
    [
        .. Enumerable.Range(0, persons).SelectMany(person =>
        {
            var centre = Direction(random);
            return Enumerable.Range(0, PhotosEach).Select(_ => ($"person {person:000}", Embeddings.Normalized([.. centre.Zip(Direction(random), (one, two) => one + (0.65f * two))])!)).ToArray();
        }),
    ];

    // Each swap exchanges a photo of two persons: two wrong labels.
    private static List<int> Swap(List<(string Person, float[] Embedding)> faces, int count)
    {
        var swapped = new List<int>();
        for (var i = 0; i < count; i++)
        {
            var (one, other) = (2 * i * PhotosEach, ((2 * i) + 1) * PhotosEach);
            (faces[one], faces[other]) = ((faces[one].Person, faces[other].Embedding), (faces[other].Person, faces[one].Embedding));
            swapped.AddRange([one, other]);
        }

        return swapped;
    }

    // The second half of the photos of the last persons is enrolled under another name.
    private static List<(string Person, string Other)> Double(List<(string Person, float[] Embedding)> faces, int count)
    {
        var doubled = new List<(string, string)>();
        for (var person = Persons - count; person < Persons; person++)
        {
            var name = faces[person * PhotosEach].Person;
            doubled.Add((name, name + " again"));
            for (var photo = PhotosEach / 2; photo < PhotosEach; photo++)
            {
                faces[(person * PhotosEach) + photo] = (name + " again", faces[(person * PhotosEach) + photo].Embedding);
            }
        }

        return doubled;
    }

    private static float[] Direction(Random random) =>
        Embeddings.Normalized([.. Enumerable.Range(0, FakeFaceEncoder.Dimension).Select(_ => random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f)])!;

    // A unit vector at this cosine to one axis, turned towards another.
    private static float[] At(int axis, int towards, float cosine)
    {
        var values = new float[FakeFaceEncoder.Dimension];
        (values[axis], values[towards]) = (cosine, MathF.Sqrt(1 - (cosine * cosine)));
        return values;
    }
}
