using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

public sealed class FaceCallsTests
{
    [Fact]
    public async Task EnrollFace_OnePhoto_IsFoundAtOnce()
    {
        await using var host = await GalleryHost.StartAsync();

        var enrolled = await host.Client.EnrollFaceAsync(
            new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Name = "Ada", Photo = GalleryHost.Bytes(TestPhotos.Person(1)) });
        var identified = await host.Client.IdentifyAsync(
            new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1, variation: 1)) });
        var faces = await host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });

        Assert.Equal(EnrolOutcome.Enrolled, enrolled.Outcome);
        Assert.Equal(1, enrolled.FacesFound);
        Assert.Empty(enrolled.Reasons);
        Assert.InRange(enrolled.Detected.Box.Ratio.Width, 0.1f, 0.9f);
        Assert.True(enrolled.Timings.TotalMs > 0);
        Assert.Equal(IdentifyOutcome.Recognized, identified.Outcome);
        Assert.Equal(("ada", "Ada", enrolled.Face.FaceId), (identified.Faces[0].Candidates[0].PersonId, identified.Faces[0].Candidates[0].Name, identified.Faces[0].Candidates[0].BestFaceId));
        Assert.Equal(enrolled.Face, Assert.Single(faces.Faces));
    }

    [Fact]
    public async Task EnrollFace_SamePhotoTwice_DuplicateWithTheSameFace()
    {
        await using var host = await GalleryHost.StartAsync();

        var first = await host.EnrolAsync("ada", TestPhotos.Person(1));
        var second = await host.EnrolAsync("ada", TestPhotos.Person(1));
        var other = await host.EnrolAsync("bob", TestPhotos.Person(1));

        Assert.Equal(EnrolOutcome.Duplicate, second.Outcome);
        Assert.Equal(first.Face, second.Face);
        Assert.Equal(EnrolOutcome.Enrolled, other.Outcome);
    }

    [Fact]
    public async Task EnrollFace_SamePhotoAtOnce_OneIsEnrolled()
    {
        await using var host = await GalleryHost.StartAsync();
        var photo = TestPhotos.Person(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.EnrolAsync("ada", photo)));

        Assert.Single(answers, answer => answer.Outcome == EnrolOutcome.Enrolled);
        Assert.Equal(5, answers.Count(answer => answer.Outcome == EnrolOutcome.Duplicate));
    }

    [Fact]
    public async Task EnrollFace_SeveralFaces_RefusedUnlessAllowed()
    {
        await using var host = await GalleryHost.StartAsync();
        var request = new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = GalleryHost.Bytes(TestPhotos.Group(1, 2, 3)) };

        var refused = await host.Client.EnrollFaceAsync(request);
        request.MaxFaces = 3;
        var enrolled = await host.Client.EnrollFaceAsync(request);
        var identified = await host.Client.IdentifyAsync(
            new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)) });

        Assert.Equal(EnrolOutcome.RejectedQuality, refused.Outcome);
        Assert.Equal([QualityReason.ExceedsMaxFaces], refused.Reasons);
        Assert.Equal(3, refused.FacesFound);
        Assert.Null(refused.Face);
        Assert.NotNull(refused.Detected);
        Assert.Equal(EnrolOutcome.Enrolled, enrolled.Outcome);
        Assert.Equal(IdentifyOutcome.Recognized, identified.Outcome);
    }

    [Fact]
    public async Task EnrollFace_NoFace_StoresNothing()
    {
        await using var host = await GalleryHost.StartAsync();

        var answer = await host.EnrolAsync("ada", TestPhotos.Landscape());

        Assert.Equal(EnrolOutcome.NoFace, answer.Outcome);
        Assert.Equal([QualityReason.NoFace], answer.Reasons);
        Assert.Null(answer.Detected);
        await Failures.AssertFailsAsync(
            StatusCode.NotFound, "PERSON_NOT_FOUND", host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" }));
    }

    [Fact]
    public async Task EnrollFace_UnfitFaces_NameTheReason()
    {
        await using var host = await GalleryHost.StartAsync();

        var dark = await host.EnrolAsync("ada", TestPhotos.Dark(1));
        var small = await host.EnrolAsync("ada", TestPhotos.SmallFace(1));

        Assert.Equal(EnrolOutcome.RejectedQuality, dark.Outcome);
        Assert.Contains(QualityReason.LowBrightness, dark.Reasons);
        Assert.Equal(RecognitionQuality.Low, dark.Detected.Quality.ForRecognition);
        Assert.Equal(EnrolOutcome.RejectedQuality, small.Outcome);
        Assert.Contains(QualityReason.SmallBoundingBox, small.Reasons);
        Assert.Equal(0, host.Encoder.Calls);
    }

    [Fact]
    public async Task EnrollFace_MinQuality_RequestGoesBeforeGallery()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings { MinQuality = 1 } });
        var request = new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = GalleryHost.Bytes(TestPhotos.SmallFace(1, 60)) };

        var strict = await host.Client.EnrollFaceAsync(request);
        request.MinQuality = 0;
        var lax = await host.Client.EnrollFaceAsync(request);

        Assert.Equal(EnrolOutcome.RejectedQuality, strict.Outcome);
        Assert.Equal(EnrolOutcome.Enrolled, lax.Outcome);
    }

    [Theory]
    [InlineData(0, 0f)]
    [InlineData(-1, 0f)]
    [InlineData(1, 1.5f)]
    [InlineData(1, float.NaN)]
    public async Task EnrollFace_LimitOutOfRange_InvalidArgument(int maxFaces, float minQuality)
    {
        await using var host = await GalleryHost.StartAsync();
        var request = new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", MaxFaces = maxFaces, MinQuality = minQuality };

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.EnrollFaceAsync(request));
    }

    [Fact]
    public async Task EnrollFace_OtherModelThanTheGallerys_ContractMismatch()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        host.Encoder.Contract = "other:ffffffffffff";

        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition,
            "CONTRACT_MISMATCH",
            host.Client.EnrollFaceAsync(new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = GalleryHost.Bytes(TestPhotos.Person(1, 1)) }));
    }

    [Fact]
    public async Task EnrollFace_PersonDeletedMeanwhile_AbortedAndNotBroughtBack()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        var gate = new TaskCompletionSource();
        (host.Encoder.Gate, host.Encoder.Called) = (gate.Task, new TaskCompletionSource());

        var call = host.Client.EnrollFaceAsync(
            new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = GalleryHost.Bytes(TestPhotos.Person(1, 1)) });
        await host.Encoder.Called.Task;
        await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });
        gate.SetResult();

        await Failures.AssertFailsAsync(StatusCode.Aborted, "PERSON_DELETED", call);
        Assert.Equal(0, (await host.Index.GetSizeAsync(GalleryHost.StaffKey, CancellationToken.None)).Faces);
        await Failures.AssertFailsAsync(
            StatusCode.NotFound, "PERSON_NOT_FOUND", host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" }));
    }

    [Fact]
    public async Task EnrollFace_GalleryDeletedMeanwhile_NotFound()
    {
        await using var host = await GalleryHost.StartAsync();
        var gate = new TaskCompletionSource();
        host.Encoder.Gate = gate.Task;

        var call = host.Client.EnrollFaceAsync(
            new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = GalleryHost.Bytes(TestPhotos.Person(1)) });
        await host.Encoder.Called.Task;
        await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });
        await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = GalleryHost.Staff });
        gate.SetResult();

        await Failures.AssertFailsAsync(StatusCode.NotFound, "GALLERY_NOT_FOUND", call);
        Assert.Equal(0, (await host.Index.GetSizeAsync(GalleryHost.StaffKey, CancellationToken.None)).Faces);
    }

    [Fact]
    public async Task EnrollFace_CancelledWhileEncoding_StoresNothingAndServesOn()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Gate = new TaskCompletionSource().Task;
        using var cancel = new CancellationTokenSource();

        var call = host.Client.EnrollFaceAsync(
            new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = GalleryHost.Bytes(TestPhotos.Person(1)) },
            cancellationToken: cancel.Token);
        await host.Encoder.Called.Task;
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAsync<RpcException>(async () => await call);
        host.Encoder.Gate = Task.CompletedTask;
        var again = await host.EnrolAsync("ada", TestPhotos.Person(1));

        Assert.Equal(StatusCode.Cancelled, cancelled.StatusCode);
        Assert.Equal(EnrolOutcome.Enrolled, again.Outcome);
    }

    [Fact]
    public async Task DeleteFace_OneOfTwo_LeavesPersonAndTheOther()
    {
        await using var host = await GalleryHost.StartAsync();
        var one = await host.EnrolAsync("ada", TestPhotos.Person(1));
        var two = await host.EnrolAsync("ada", TestPhotos.Person(1, 1));
        var request = new DeleteFaceRequest { GalleryId = GalleryHost.Staff, FaceId = one.Face.FaceId };

        await host.Client.DeleteFaceAsync(request);
        var left = await host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff });
        var verified = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)) });

        Assert.Equal([two.Face.FaceId], left.Faces.Select(face => face.FaceId));
        Assert.Equal(two.Face.FaceId, verified.BestFaceId);
        await Failures.AssertFailsAsync(StatusCode.NotFound, "FACE_NOT_FOUND", host.Client.DeleteFaceAsync(request));
    }

    [Fact]
    public async Task DeleteFace_NoUuid_InvalidId()
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ID", host.Client.DeleteFaceAsync(new DeleteFaceRequest { GalleryId = GalleryHost.Staff, FaceId = "1" }));
    }

    [Fact]
    public async Task ListFaces_PageByPage_GivesEachOnce()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync([.. Enumerable.Range(0, 7).Select(i => ($"p{i % 2}", GalleryHost.AtCosine(0.5f, i + 1)))]);

        var ids = new List<string>();
        var token = "";
        do
        {
            var page = await host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff, PersonId = "p0", PageSize = 3, PageToken = token });
            ids.AddRange(page.Faces.Select(face => face.FaceId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(4, ids.Count);
        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public async Task Detect_Group_ListsLargestFirst()
    {
        await using var host = await GalleryHost.StartAsync();

        var all = await host.Client.DetectAsync(new DetectRequest { Photo = GalleryHost.Bytes(TestPhotos.Group(1, 2, 3)) });
        var one = await host.Client.DetectAsync(new DetectRequest { Photo = GalleryHost.Bytes(TestPhotos.Group(1, 2, 3)), MaxFaces = 1 });

        Assert.Equal((3, 3), (all.FacesFound, all.Faces.Count));
        Assert.Equal(all.Faces.Select(face => face.Box.Width * face.Box.Height).OrderDescending(), all.Faces.Select(face => face.Box.Width * face.Box.Height));
        Assert.Equal((400, 400), (all.PhotoWidth, all.PhotoHeight));
        Assert.Equal((3, 1), (one.FacesFound, one.Faces.Count));
        Assert.Equal(all.Faces[0], one.Faces[0]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(501)]
    public async Task Detect_MaxFacesOutOfRange_InvalidArgument(int maxFaces)
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.DetectAsync(new DetectRequest { Photo = GalleryHost.Bytes([1]), MaxFaces = maxFaces }));
    }

    public static TheoryData<string, int> BadPhotos => new() { { "PHOTO_EMPTY", 0 }, { "PHOTO_NOT_AN_IMAGE", 1000 }, { "PHOTO_TOO_LARGE", 30 * 1024 * 1024 } };

    [Theory]
    [MemberData(nameof(BadPhotos))]
    public async Task PhotoCalls_BadPhoto_InvalidArgument(string reason, int size)
    {
        await using var host = await GalleryHost.StartAsync();
        var photo = GalleryHost.Bytes([.. Enumerable.Repeat((byte)'x', size)]);
        var probe = new Probe { Photo = photo };

        await AssertInvalidAsync(host.Client.EnrollFaceAsync(new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = photo }));
        await AssertInvalidAsync(host.Client.DetectAsync(new DetectRequest { Photo = photo }));
        await AssertInvalidAsync(host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = probe }));
        await AssertInvalidAsync(host.Client.VerifyAsync(new VerifyRequest { Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)), Photo = photo }));

        Task AssertInvalidAsync<T>(AsyncUnaryCall<T> call) => Failures.AssertFailsAsync(StatusCode.InvalidArgument, reason, call);
    }
}
