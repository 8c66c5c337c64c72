using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.IntegrationTests.Scenarios;

/// <summary>From photos to decisions: the same for every deployment, seen from outside only.</summary>
public abstract class EnrolAndRecognize(Deployment system) : SystemTests(system)
{
    private const int Persons = 6;

    [Fact]
    public async Task Job_GoodAndBadPhotos_EveryPhotoHasItsOutcome()
    {
        var before = System.StoredPhotos();
        var gallery = await System.CreateGalleryAsync(Cancelled);
        var photos = Enumerable.Range(0, Persons).Select(seed => (Person(seed), TestPhotos.Person(seed)))
            .Append(("nobody", TestPhotos.Landscape()))
            .Append(("small", TestPhotos.SmallFace(71)))
            .Append(("crowd", TestPhotos.Group(72, 73, 74)))
            .Append(("text", "Not a photo at all."u8.ToArray()));

        var job = await System.UntilCompletedAsync(await System.UploadAsync(gallery, photos, Cancelled), Cancelled);

        Assert.Equal(
            new JobCounts
            {
                Accepted = Persons + 4,
                Enrolled = Persons,
                NoFace = 1,
                RejectedQuality = 2,
                Failed = 1,
                Reasons = { job.Counts.Reasons },
            },
            job.Counts);
        var items = (await System.ItemsAsync(job.JobId, Cancelled)).ToDictionary(item => item.PersonId);
        Assert.All(items.Values, item => Assert.Equal(ItemState.Finished, item.State));
        Assert.Equal(EnrolOutcome.NoFace, items["nobody"].Outcome);
        Assert.Contains(QualityReason.SmallBoundingBox, items["small"].Reasons);
        Assert.Contains(QualityReason.ExceedsMaxFaces, items["crowd"].Reasons);
        Assert.Equal((EnrolOutcome.Failed, "PHOTO_NOT_AN_IMAGE"), (items["text"].Outcome, items["text"].ErrorReason));
        Assert.Equal(Persons, (await System.FacesAsync(gallery, Cancelled)).Select(face => face.FaceId).Distinct().Count());
        await System.UntilNoStoredPhotosAsync(Cancelled, but: before);
    }

    [Fact]
    public async Task Identify_AfterAJob_NamesTheEnrolledAndNobodyElse()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        await EnrolThroughQueueAsync(gallery);

        for (var seed = 0; seed < Persons; seed++)
        {
            var known = await System.IdentifyAsync(gallery, TestPhotos.Person(seed, variation: 3), Cancelled);
            Assert.Equal(IdentifyOutcome.Recognized, known.Outcome);
            Assert.Equal(Person(seed), known.Faces[0].Candidates[0].PersonId);

            var stranger = await System.IdentifyAsync(gallery, TestPhotos.Person(seed + 1000), Cancelled);
            Assert.Equal(IdentifyOutcome.NotRecognized, stranger.Outcome);
            Assert.Empty(stranger.Faces[0].Candidates);
            Assert.Equal(ThresholdSource.ModelCalibration, stranger.Threshold.Source);
            Assert.Equal(Persons, stranger.Threshold.GallerySize);
        }
    }

    [Fact]
    public async Task Identify_AllFacesOfAGroup_EachNamedOrNobody()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        await EnrolThroughQueueAsync(gallery);

        var request = new IdentifyRequest
        {
            GalleryId = gallery,
            Probe = new Probe { Photo = ByteString.CopyFrom(TestPhotos.Group(2, 1500, 4)) },
            Faces = FaceSelection.All,
        };
        var answer = await System.Gallery.IdentifyAsync(request, cancellationToken: Cancelled);

        Assert.Equal(3, answer.FacesFound);
        Assert.Equal(
            [IdentifyOutcome.Recognized, IdentifyOutcome.NotRecognized, IdentifyOutcome.Recognized],
            answer.Faces.Select(face => face.Outcome));
        Assert.Equal(Person(2), answer.Faces[0].Candidates[0].PersonId);
        Assert.Equal(Person(4), answer.Faces[2].Candidates[0].PersonId);
    }

    [Fact]
    public async Task Enrol_Directly_CountsAtOnceAndDeletionToo()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);

        var enrolled = await System.EnrolAsync(gallery, "ada", TestPhotos.Person(21), Cancelled);
        var again = await System.EnrolAsync(gallery, "ada", TestPhotos.Person(21), Cancelled);
        var found = await System.IdentifyAsync(gallery, TestPhotos.Person(21, variation: 1), Cancelled);
        await System.Gallery.DeletePersonAsync(new DeletePersonRequest { GalleryId = gallery, PersonId = "ada" }, cancellationToken: Cancelled);
        var gone = await System.IdentifyAsync(gallery, TestPhotos.Person(21, variation: 1), Cancelled);

        Assert.Equal(EnrolOutcome.Enrolled, enrolled.Outcome);
        Assert.Equal((EnrolOutcome.Duplicate, enrolled.Face.FaceId), (again.Outcome, again.Face.FaceId));
        Assert.Equal((IdentifyOutcome.Recognized, "ada"), (found.Outcome, found.Faces[0].Candidates[0].PersonId));
        Assert.Equal(IdentifyOutcome.NotRecognized, gone.Outcome);
        Assert.Empty(await System.FacesAsync(gallery, Cancelled));
    }

    [Fact]
    public async Task Verify_TheClaimedPersonAndAnother_MatchAndNoMatch()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        await System.EnrolAsync(gallery, "ada", TestPhotos.Person(31), Cancelled);

        var same = await System.VerifyAsync(gallery, "ada", TestPhotos.Person(31, variation: 2), Cancelled);
        var other = await System.VerifyAsync(gallery, "ada", TestPhotos.Person(32), Cancelled);
        var nobody = await System.VerifyAsync(gallery, "ada", TestPhotos.Landscape(), Cancelled);

        Assert.Equal((VerifyOutcome.Match, true), (same.Outcome, same.Matched));
        Assert.Equal(2 - (2 * same.Similarity), same.Distance, 1e-4f);
        Assert.Equal((VerifyOutcome.NoMatch, false), (other.Outcome, other.Matched));
        Assert.Equal((VerifyOutcome.NoFace, false), (nobody.Outcome, nobody.Matched));
    }

    [Fact]
    public async Task Job_SamePhotosAgain_DuplicatesAndNoNewFaces()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        await EnrolThroughQueueAsync(gallery);
        var before = await System.FacesAsync(gallery, Cancelled);

        var again = await EnrolThroughQueueAsync(gallery);

        Assert.Equal((Persons, 0), (again.Counts.Duplicate, again.Counts.Enrolled));
        Assert.Equal(before.Select(face => face.FaceId), (await System.FacesAsync(gallery, Cancelled)).Select(face => face.FaceId));
    }

    [Fact]
    public async Task Job_UnknownGallery_EveryItemFailsWithTheReason()
    {
        var before = System.StoredPhotos();
        var id = await System.UploadAsync("nowhere", [("ada", TestPhotos.Person(41))], Cancelled);

        var job = await System.UntilCompletedAsync(id, Cancelled);

        Assert.Equal(1, job.Counts.Failed);
        Assert.Equal("GALLERY_NOT_FOUND", Assert.Single(await System.ItemsAsync(id, Cancelled)).ErrorReason);
        // A gallery can still be made: the photo waits for a retry.
        Assert.Single(System.StoredPhotos().Except(before));
    }

    [Fact]
    public async Task WatchJob_UntilCompleted_EndsWithTheLastState()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        var id = await System.UploadAsync(gallery, Photos(), Cancelled);

        Job? last = null;
        using var watch = System.Ingestion.WatchJob(new WatchJobRequest { JobId = id }, cancellationToken: Cancelled);
        await foreach (var state in watch.ResponseStream.ReadAllAsync(Cancelled))
        {
            last = state;
        }

        Assert.Equal(JobState.Completed, last?.State);
        Assert.Equal(Persons, last?.Counts.Enrolled);
    }

    [Fact]
    public async Task HttpJson_SameCalls_SameAnswers()
    {
        var gallery = $"g-{Guid.NewGuid():N}";
        var http = System.GalleryProcess.HttpClient;

        await PostAsync(http, "/v1/galleries", new { galleryId = gallery });
        var enrolled = await PostAsync(http, $"/v1/galleries/{gallery}/persons/ada/faces", new { photo = TestPhotos.Person(51) });
        var found = await PostAsync(http, $"/v1/galleries/{gallery}:identify", new { probe = new { photo = TestPhotos.Person(51, variation: 1) } });
        var verified = await PostAsync(http, $"/v1/galleries/{gallery}:verify", new { personId = "ada", probe = new { photo = TestPhotos.Person(51, variation: 2) } });
        using var missing = await http.GetAsync($"/v1/galleries/{gallery}/persons/bob", Cancelled);
        using var deleted = await http.DeleteAsync($"/v1/galleries/{gallery}", Cancelled);

        Assert.Equal("ENROL_OUTCOME_ENROLLED", enrolled.GetProperty("outcome").GetString());
        Assert.Equal("IDENTIFY_OUTCOME_RECOGNIZED", found.GetProperty("outcome").GetString());
        Assert.Equal("ada", found.GetProperty("faces")[0].GetProperty("candidates")[0].GetProperty("personId").GetString());
        Assert.True(verified.GetProperty("matched").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("PERSON_NOT_FOUND", await missing.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
    }

    [Fact]
    public async Task HttpJson_Job_RunsToItsEnd()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        var http = System.IngestionProcess.HttpClient;

        var job = (await PostAsync(http, "/v1/jobs", new { galleryId = gallery })).GetProperty("jobId").GetString()!;
        var item = await PostAsync(http, $"/v1/jobs/{job}/items", new { personId = "ada", source = "ada.jpg", photo = TestPhotos.Person(61) });
        await PostAsync(http, $"/v1/jobs/{job}:close", new { });
        await System.UntilCompletedAsync(job, Cancelled);
        var items = await http.GetFromJsonAsync<JsonElement>($"/v1/jobs/{job}/items", Cancelled);

        Assert.Equal("ada.jpg", item.GetProperty("source").GetString());
        Assert.Equal("ENROL_OUTCOME_ENROLLED", items.GetProperty("items")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Restart_AfterEnrolment_KeepsEverything()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        var job = await EnrolThroughQueueAsync(gallery);
        await System.EnrolAsync(gallery, "directly", TestPhotos.Person(91), Cancelled);
        var faces = await System.FacesAsync(gallery, Cancelled);

        await System.RestartAsync(Cancelled);

        Assert.Equal(faces, await System.FacesAsync(gallery, Cancelled));
        Assert.Equal(job.Counts, (await System.JobAsync(job.JobId, Cancelled)).Counts);
        Assert.Equal(IdentifyOutcome.Recognized, (await System.IdentifyAsync(gallery, TestPhotos.Person(2, variation: 4), Cancelled)).Outcome);
        Assert.Equal("directly", (await System.IdentifyAsync(gallery, TestPhotos.Person(91, variation: 4), Cancelled)).Faces[0].Candidates[0].PersonId);
    }

    private static string Person(int seed) => string.Create(CultureInfo.InvariantCulture, $"person-{seed}");

    private static IEnumerable<(string Person, byte[] Photo)> Photos() =>
        Enumerable.Range(0, Persons).Select(seed => (Person(seed), TestPhotos.Person(seed)));

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task<Job> EnrolThroughQueueAsync(string gallery) =>
        await System.UntilCompletedAsync(await System.UploadAsync(gallery, Photos(), Cancelled), Cancelled);
}
