using System.Net;
using System.Net.Http.Json;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>Calls that cannot be answered: a status, a reason, a sentence, and the process goes on.</summary>
public sealed class RefusedCallsTests(StandaloneDeployment system) : SystemTests(system), IClassFixture<StandaloneDeployment>, IAsyncLifetime
{
    // More than a photo may have, less than a message may.
    private static readonly ByteString ThirtyMegabytes = ByteString.CopyFrom([0xFF, 0xD8, 0xFF, .. new byte[30_000_000]]);

    private int _processId;
    private string _gallery = "";

    public async ValueTask InitializeAsync()
    {
        _processId = System.GalleryProcess.ProcessId;
        _gallery = await System.CreateGalleryAsync(Cancelled);
        await System.EnrolAsync(_gallery, "ada", TestPhotos.Person(1), Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        // Whatever was asked: the same process still answers rightly.
        Assert.Equal(_processId, System.GalleryProcess.ProcessId);
        Assert.True(System.GalleryProcess.IsRunning);
        Assert.True((await System.VerifyAsync(_gallery, "ada", TestPhotos.Person(1, variation: 1), CancellationToken.None)).Matched);
        Dispose();
    }

    public static TheoryData<string, StatusCode, string> Refused() => new()
    {
        { "unknown gallery", StatusCode.NotFound, "GALLERY_NOT_FOUND" },
        { "unknown person", StatusCode.NotFound, "PERSON_NOT_FOUND" },
        { "unknown face", StatusCode.NotFound, "FACE_NOT_FOUND" },
        { "unknown job", StatusCode.NotFound, "JOB_NOT_FOUND" },
        { "gallery taken", StatusCode.AlreadyExists, "GALLERY_EXISTS" },
        { "bad gallery id", StatusCode.InvalidArgument, "INVALID_ID" },
        { "empty identify", StatusCode.InvalidArgument, "INVALID_ARGUMENT" },
        { "empty verify", StatusCode.InvalidArgument, "INVALID_ARGUMENT" },
        { "empty photo", StatusCode.InvalidArgument, "PHOTO_EMPTY" },
        { "large photo", StatusCode.InvalidArgument, "PHOTO_TOO_LARGE" },
        { "text", StatusCode.InvalidArgument, "PHOTO_NOT_AN_IMAGE" },
        { "short embedding", StatusCode.InvalidArgument, "EMBEDDING_WRONG_LENGTH" },
        { "embedding of zeros", StatusCode.InvalidArgument, "EMBEDDING_NOT_FINITE" },
        { "embedding with NaN", StatusCode.InvalidArgument, "EMBEDDING_NOT_FINITE" },
        { "embedding of another model", StatusCode.FailedPrecondition, "CONTRACT_MISMATCH" },
        { "threshold of 2", StatusCode.InvalidArgument, "INVALID_ARGUMENT" },
        { "made-up page token", StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN" },
        { "photo after close", StatusCode.FailedPrecondition, "JOB_CLOSED" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Call_ThatCannotBeAnswered_StatusReasonAndSentence(string what, StatusCode status, string reason)
    {
        var failure = await SystemCalls.FailureAsync(() => CallAsync(what));

        Assert.Equal((status, reason), (failure.Status, failure.Reason));
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpJson_LargePhoto_400WithTheReason()
    {
        var http = System.GalleryProcess.HttpClient;

        using var response = await http.PostAsJsonAsync($"/v1/galleries/{_gallery}/persons/bob/faces", new { photo = ThirtyMegabytes.ToByteArray() }, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("PHOTO_TOO_LARGE", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_LargeAndEmptyPhotoAmongGoodOnes_OthersAreAccepted()
    {
        var job = await System.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = _gallery }, cancellationToken: Cancelled);
        using var upload = System.Ingestion.Upload(cancellationToken: Cancelled);
        ByteString[] photos = [ByteString.CopyFrom(TestPhotos.Person(2)), ThirtyMegabytes, ByteString.Empty, ByteString.CopyFrom(TestPhotos.Person(3))];
        foreach (var photo in photos)
        {
            await upload.RequestStream.WriteAsync(new UploadPhotoRequest { JobId = job.JobId, PersonId = "bob", Photo = photo }, Cancelled);
        }

        await upload.RequestStream.CompleteAsync();
        var answer = await upload;
        await System.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job.JobId }, cancellationToken: Cancelled);
        var completed = await System.UntilCompletedAsync(job.JobId, Cancelled);

        Assert.Equal(4, answer.Accepted + answer.RefusedCount);
        Assert.Equal(2, completed.Counts.Enrolled);
        Assert.Equal(
            ["PHOTO_EMPTY", "PHOTO_TOO_LARGE"],
            answer.Refused.Select(refused => refused.Reason).Concat((await System.ItemsAsync(job.JobId, Cancelled)).Select(item => item.ErrorReason)).Where(reason => reason.Length > 0).Order());
    }

    [Fact]
    public async Task Detect_AHundredFaces_AllFound()
    {
        var photo = TestPhotos.Group([.. Enumerable.Range(100, 100)]);

        var answer = await System.Gallery.DetectAsync(new DetectRequest { Photo = ByteString.CopyFrom(photo) }, cancellationToken: Cancelled);

        Assert.Equal(100, answer.FacesFound);
        Assert.Equal(100, answer.Faces.Count);
    }

    [Fact]
    public async Task Identify_FaceOf20Pixels_IsRefusedAndNotGuessed()
    {
        await System.EnrolAsync(_gallery, "small", TestPhotos.Person(7), Cancelled);

        var answer = await System.IdentifyAsync(_gallery, TestPhotos.SmallFace(7), Cancelled);

        Assert.Equal(IdentifyOutcome.RejectedQuality, answer.Outcome);
        Assert.Contains(QualityReason.SmallBoundingBox, answer.Faces[0].Reasons);
    }

    [Fact]
    public async Task Identify_NoFace_IsItsOwnOutcome()
    {
        var answer = await System.IdentifyAsync(_gallery, TestPhotos.Landscape(), Cancelled);

        Assert.Equal((IdentifyOutcome.NoFace, 0), (answer.Outcome, answer.FacesFound));
    }

    [Fact]
    public async Task Identify_CancelledByTheClient_Cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var request = new IdentifyRequest { GalleryId = _gallery, Probe = new Probe { Photo = ByteString.CopyFrom(TestPhotos.Group([.. Enumerable.Range(100, 100)])) } };

        var call = System.Gallery.IdentifyAsync(request, cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
    }

    [Fact]
    public async Task Call_NobodyListens_Unavailable()
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{FreePort.Take(1)[0]}");
        var client = new GalleryService.GalleryServiceClient(channel);

        var failure = await SystemCalls.FailureAsync(async () => await client.GetGalleryAsync(new GetGalleryRequest { GalleryId = "any" }, cancellationToken: Cancelled));

        Assert.Equal(StatusCode.Unavailable, failure.Status);
    }

    private async Task CallAsync(string what)
    {
        var gallery = System.Gallery;
        var photo = ByteString.CopyFrom(TestPhotos.Person(1));
        await (what switch
        {
            "unknown gallery" => System.IdentifyAsync("nowhere", TestPhotos.Person(1), Cancelled),
            "unknown person" => System.VerifyAsync(_gallery, "nobody", TestPhotos.Person(1), Cancelled),
            "unknown face" => gallery.DeleteFaceAsync(new() { GalleryId = _gallery, FaceId = Guid.NewGuid().ToString() }, cancellationToken: Cancelled).ResponseAsync,
            "unknown job" => System.JobAsync("no-such-job", Cancelled),
            "gallery taken" => gallery.CreateGalleryAsync(new() { GalleryId = _gallery }, cancellationToken: Cancelled).ResponseAsync,
            "bad gallery id" => gallery.CreateGalleryAsync(new() { GalleryId = "../Etc" }, cancellationToken: Cancelled).ResponseAsync,
            "empty identify" => gallery.IdentifyAsync(new() { GalleryId = _gallery }, cancellationToken: Cancelled).ResponseAsync,
            "empty verify" => gallery.VerifyAsync(new(), cancellationToken: Cancelled).ResponseAsync,
            "empty photo" => System.EnrolAsync(_gallery, "bob", [], Cancelled),
            "large photo" => gallery.EnrollFaceAsync(new() { GalleryId = _gallery, PersonId = "bob", Photo = ThirtyMegabytes }, cancellationToken: Cancelled).ResponseAsync,
            "text" => System.EnrolAsync(_gallery, "bob", "hello"u8.ToArray(), Cancelled),
            "short embedding" => SearchAsync([1, 2, 3]),
            "embedding of zeros" => SearchAsync(new float[TestModels.Dimension]),
            "embedding with NaN" => SearchAsync([float.NaN, .. new float[TestModels.Dimension - 1]]),
            "embedding of another model" => SearchAsync([1, .. new float[TestModels.Dimension - 1]], contract: "other-model:0123456789ab"),
            "threshold of 2" => gallery.IdentifyAsync(new() { GalleryId = _gallery, Probe = new() { Photo = photo }, Threshold = 2 }, cancellationToken: Cancelled).ResponseAsync,
            "made-up page token" => gallery.ListFacesAsync(new() { GalleryId = _gallery, PageToken = "made up" }, cancellationToken: Cancelled).ResponseAsync,
            "photo after close" => SendAfterCloseAsync(photo),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        });
    }

    private Task SearchAsync(float[] values, string contract = "")
    {
        var request = new IdentifyRequest
        {
            GalleryId = _gallery,
            Probe = new Probe { Embedding = new Embedding { Values = { values }, EmbeddingContract = contract } },
        };
        return System.Gallery.IdentifyAsync(request, cancellationToken: Cancelled).ResponseAsync;
    }

    private async Task SendAfterCloseAsync(ByteString photo)
    {
        var job = await System.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = _gallery }, cancellationToken: Cancelled);
        await System.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job.JobId }, cancellationToken: Cancelled);
        await System.Ingestion.UploadPhotoAsync(new UploadPhotoRequest { JobId = job.JobId, PersonId = "bob", Photo = photo }, cancellationToken: Cancelled);
    }
}
