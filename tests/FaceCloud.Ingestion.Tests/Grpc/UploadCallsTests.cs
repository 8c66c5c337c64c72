using FaceCloud.Contracts.Commands;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Tests.Consumers;
using FaceCloud.Ingestion.Tests.Photos;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using Grpc.Core;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Ingestion.Tests.Grpc;

public sealed class UploadCallsTests
{
    private const int ThirtyMegabytes = 30 * 1024 * 1024;

    [Fact]
    public async Task Upload_GoodAndBadPhotosInOneStream_EachHasItsOwnOutcome()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();

        var response = await host.UploadAsync(
            IngestionHost.Photo(TestPhotos.Person(1), "ada", source: "ada.jpg"),
            IngestionHost.Photo([], "bob", source: "bob.jpg"),
            IngestionHost.Photo("no photo at all"u8.ToArray(), "carol"),
            IngestionHost.Photo(TestPhotos.Landscape(), "dora"),
            IngestionHost.Photo(TestPhotos.Group(3, 4), "emil"),
            IngestionHost.Photo(TestPhotos.Dark(5), "fred"),
            IngestionHost.Photo(TestPhotos.Person(6), "", source: "nobody.jpg"),
            IngestionHost.Photo(new byte[ThirtyMegabytes], "gil"),
            IngestionHost.Photo(TestPhotos.Person(7)[..4000], "hal"),
            IngestionHost.Photo(TestPhotos.Person(8), "ian"));
        var job = await host.CompleteAsync();
        var items = (await host.ItemsAsync()).ToDictionary(item => item.PersonId);

        Assert.Equal(7, response.Accepted);
        Assert.Equal(3, response.RefusedCount);
        Assert.Equal([(1, "PHOTO_EMPTY"), (6, "INVALID_ID"), (7, "PHOTO_TOO_LARGE")], response.Refused.Select(photo => (photo.Position, photo.Reason)));
        Assert.Equal("nobody.jpg", response.Refused[1].Source);
        Assert.All(response.Refused, photo => Assert.NotEmpty(photo.Message));
        Assert.Equal(EnrolOutcome.Enrolled, items["ada"].Outcome);
        Assert.NotEmpty(items["ada"].FaceId);
        Assert.Equal("ada.jpg", items["ada"].Source);
        Assert.Equal((EnrolOutcome.Failed, "PHOTO_NOT_AN_IMAGE"), (items["carol"].Outcome, items["carol"].ErrorReason));
        Assert.Equal(EnrolOutcome.NoFace, items["dora"].Outcome);
        Assert.Equal((EnrolOutcome.RejectedQuality, QualityReason.ExceedsMaxFaces), (items["emil"].Outcome, items["emil"].Reasons.Last()));
        Assert.Equal(EnrolOutcome.RejectedQuality, items["fred"].Outcome);
        Assert.Contains(QualityReason.LowBrightness, items["fred"].Reasons);
        Assert.Equal((EnrolOutcome.Failed, "PHOTO_DAMAGED"), (items["hal"].Outcome, items["hal"].ErrorReason));
        Assert.Equal(EnrolOutcome.Enrolled, items["ian"].Outcome);
        Assert.Equal((7, 0, 2, 0, 2, 1, 2), (job.Counts.Accepted, job.Counts.Pending, job.Counts.Enrolled, job.Counts.Duplicate, job.Counts.RejectedQuality, job.Counts.NoFace, job.Counts.Failed));
        Assert.Equal((1, 1, 1, 1), (job.Counts.Reasons["PHOTO_NOT_AN_IMAGE"], job.Counts.Reasons["NO_FACE"], job.Counts.Reasons["EXCEEDS_MAX_FACES"], job.Counts.Reasons["PHOTO_DAMAGED"]));
        Assert.Empty(host.StoredPhotos());
    }

    [Fact]
    public async Task Upload_RepeatedAfterItsOutcome_SameItemsNoSecondCommand()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();
        UploadPhotoRequest[] photos = [IngestionHost.Photo(TestPhotos.Person(1)), IngestionHost.Photo(TestPhotos.Person(2), "bob")];
        await host.UploadAsync(photos);
        var job = await host.CompleteAsync();

        var again = await host.UploadAsync(photos);

        Assert.Equal(2, again.Accepted);
        Assert.Equal(job, await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" }));
        Assert.Equal(2, host.Harness.Published.Select<CropFaces>(TestContext.Current.CancellationToken).Count());
        Assert.Empty(host.StoredPhotos());
    }

    [Fact]
    public async Task UploadPhoto_RepeatedBeforeItsOutcome_SameItemCommandAgain()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();

        var one = await host.Client.UploadPhotoAsync(IngestionHost.Photo([1, 2, 3]));
        var other = await host.Client.UploadPhotoAsync(IngestionHost.Photo([1, 2, 3]));

        Assert.Equal(one.ItemId, other.ItemId);
        Assert.Equal(ItemState.Accepted, other.State);
        Assert.Equal(1, (await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" })).Counts.Accepted);
        Assert.Equal(2, host.Harness.Published.Select<CropFaces>(TestContext.Current.CancellationToken).Count());
    }

    [Fact]
    public async Task Upload_SamePhotoManyTimesAtOnce_OneItem()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();
        var photo = TestPhotos.Person(1);

        var response = await host.UploadAsync(Enumerable.Range(0, 20).Select(_ => IngestionHost.Photo(photo)));
        var job = await host.CompleteAsync();

        Assert.Equal(20, response.Accepted);
        Assert.Equal((1, 1), (job.Counts.Accepted, job.Counts.Enrolled));
    }

    [Fact]
    public async Task Upload_SamePhotoOfTwoPersons_TwoItems()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();

        await host.UploadAsync(IngestionHost.Photo([1]), IngestionHost.Photo([1], "bob"));

        Assert.Equal(2, (await host.ItemsAsync()).Count);
    }

    [Fact]
    public async Task Upload_ClosedJob_FailedPrecondition()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync();
        await host.Client.CloseJobAsync(new CloseJobRequest { JobId = "load" });

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "JOB_CLOSED", () => host.UploadAsync(IngestionHost.Photo([1])));
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "JOB_CLOSED", async () => await host.Client.UploadPhotoAsync(IngestionHost.Photo([1])));
        Assert.Empty(host.StoredPhotos());
    }

    [Fact]
    public async Task Upload_BadJobId_InvalidId()
    {
        await using var host = await IngestionHost.StartAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ID", () => host.UploadAsync(IngestionHost.Photo([1], jobId: "")));
    }

    [Fact]
    public async Task Upload_NoPhotos_NothingAccepted()
    {
        await using var host = await IngestionHost.StartAsync();

        var response = await host.UploadAsync([]);

        Assert.Equal(new UploadResponse(), response);
    }

    [Fact]
    public async Task UploadPhoto_BadRequests_EachWithItsReason()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync();
        var longName = IngestionHost.Photo([1]);
        longName.PersonName = new string('n', 257);

        await Fails("PHOTO_EMPTY", IngestionHost.Photo([]));
        await Fails("PHOTO_TOO_LARGE", IngestionHost.Photo(new byte[ThirtyMegabytes]));
        await Fails("INVALID_ID", IngestionHost.Photo([1], person: ""));
        await Fails("INVALID_ID", IngestionHost.Photo([1], person: "a\u0007b"));
        await Fails("INVALID_ID", IngestionHost.Photo([1], person: new string('p', 129)));
        await Fails("INVALID_ARGUMENT", IngestionHost.Photo([1], source: new string('s', 1025)));
        await Fails("INVALID_ARGUMENT", longName);

        Assert.Equal(0, (await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" })).Counts.Accepted);

        Task Fails(string reason, UploadPhotoRequest request) =>
            Failures.AssertFailsAsync(StatusCode.InvalidArgument, reason, async () => await host.Client.UploadPhotoAsync(request));
    }

    [Fact]
    public async Task Upload_CancelledMidway_RepeatCompletesIt()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();
        var photos = Enumerable.Range(0, 6).Select(seed => IngestionHost.Photo(TestPhotos.Person(seed), $"person-{seed}")).ToArray();
        using (var cancel = new CancellationTokenSource())
        {
            using var call = host.Client.Upload(cancellationToken: cancel.Token);
            await call.RequestStream.WriteAsync(photos[0]);
            await call.RequestStream.WriteAsync(photos[1]);
            await cancel.CancelAsync();
            var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);
            Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        }

        var response = await host.UploadAsync(photos);
        var job = await host.CompleteAsync();

        Assert.Equal(6, response.Accepted);
        Assert.Equal((6, 6), (job.Counts.Accepted, job.Counts.Enrolled));
    }

    [Fact]
    public async Task Upload_OneSlowPhoto_OthersGoOn()
    {
        var store = new GatedPhotoStore(blocked: 1);
        await using var host = await IngestionHost.StartAsync(
            services: services => services.AddSingleton<IPhotoStore>(store),
            settings: new() { ["Ingestion:UploadParallelism"] = "2" },
            withConsumers: false);
        await host.StartJobAsync();
        using var call = host.Client.Upload();
        foreach (var photo in Enumerable.Range(0, 9))
        {
            await call.RequestStream.WriteAsync(IngestionHost.Photo([(byte)photo]));
        }

        await store.SavedAsync(8);
        Assert.False(call.ResponseAsync.IsCompleted);
        store.Open();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(9, (await call).Accepted);
    }

    [Fact]
    public async Task Upload_AllPhotosSlow_NoMoreAtOnceThanAllowed()
    {
        var store = new GatedPhotoStore(blocked: int.MaxValue);
        await using var host = await IngestionHost.StartAsync(
            services: services => services.AddSingleton<IPhotoStore>(store),
            settings: new() { ["Ingestion:UploadParallelism"] = "3" },
            withConsumers: false);
        await host.StartJobAsync();
        using var call = host.Client.Upload();
        foreach (var photo in Enumerable.Range(0, 20))
        {
            await call.RequestStream.WriteAsync(IngestionHost.Photo([(byte)photo]));
        }

        store.Open();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(20, (await call).Accepted);
        Assert.InRange(store.MostAtOnce, 1, 3);
    }

    [Fact]
    public async Task ListItems_ByOutcomePageByPage_EachOnceInOrder()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync();
        await host.UploadAsync(Enumerable.Range(0, 9).Select(photo => IngestionHost.Photo([(byte)photo, 1, 2])));
        await host.CompleteAsync();

        var failed = await ListAsync(EnrolOutcome.Failed);
        var all = await ListAsync(EnrolOutcome.Unspecified);
        var enrolled = await ListAsync(EnrolOutcome.Enrolled);

        Assert.Equal(9, failed.Distinct().Count());
        Assert.Equal(failed.Order(StringComparer.Ordinal), failed);
        Assert.Equal(failed, all);
        Assert.Empty(enrolled);

        async Task<List<string>> ListAsync(EnrolOutcome outcome)
        {
            var listed = new List<string>();
            var token = "";
            do
            {
                var page = await host.Client.ListItemsAsync(new ListItemsRequest { JobId = "load", Outcome = outcome, PageSize = 4, PageToken = token });
                listed.AddRange(page.Items.Select(item => item.ItemId));
                token = page.NextPageToken;
            }
            while (token.Length > 0);

            return listed;
        }
    }
}
