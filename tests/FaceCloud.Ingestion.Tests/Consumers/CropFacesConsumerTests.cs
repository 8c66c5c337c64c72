using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using MassTransit.Testing;
using EnrolOutcome = FaceCloud.Protos.Gallery.V1.EnrolOutcome;

namespace FaceCloud.Ingestion.Tests.Consumers;

public sealed class CropFacesConsumerTests
{
    [Fact]
    public async Task Consume_FitPhoto_EncodeFaceWithItsCrop()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();

        var item = await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        await host.CompleteAsync();

        var command = Assert.Single(await host.Harness.Published.SelectAsync<EncodeFace>().ToListAsync()).Context.Message;
        Assert.Equal(AlignedCrop.Bytes, command.Crop.Length);
        Assert.Equal(Guid.Parse(item.ItemId), command.Target.ItemId);
        Assert.Equal((Tenants.Default, "load", IngestionHost.Gallery, "ada"), (command.Target.TenantId, command.Target.JobId, command.Target.GalleryId, command.Target.PersonId));
        Assert.Equal(item.CreatedAt.ToDateTimeOffset(), command.Target.AcceptedAt);
        Assert.True(command.Box.Width > 0);
        Assert.InRange(command.Quality.Score, 0.01f, 1f);
    }

    [Fact]
    public async Task Consume_SameCommandTwiceWhilePending_OneOutcome()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();
        await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        var command = Assert.Single(await host.Harness.Published.SelectAsync<CropFaces>().ToListAsync()).Context.Message;

        await host.Harness.Bus.Publish(command);
        var job = await host.CompleteAsync();
        await host.Harness.Bus.Publish(command);
        await host.Harness.InactivityTask;
        var after = await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" });

        Assert.Equal((1, 1), (job.Counts.Accepted, job.Counts.Enrolled));
        Assert.Equal(job, after);
    }

    [Fact]
    public async Task Consume_ItemHasItsOutcome_NothingIsDone()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();
        await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        await host.CompleteAsync();
        var command = Assert.Single(await host.Harness.Published.SelectAsync<CropFaces>().ToListAsync()).Context.Message;
        var consumed = host.Harness.GetConsumerHarness<Ingestion.Consumers.CropFacesConsumer>().Consumed;

        await host.Harness.Bus.Publish(command);
        await host.Harness.InactivityTask;

        Assert.Equal(2, await consumed.SelectAsync<CropFaces>().CountAsync());
        Assert.Equal(1, await host.Harness.Published.SelectAsync<EncodeFace>().CountAsync());
        Assert.Equal(1, await host.Harness.Published.SelectAsync<EnrolmentOutcome>().CountAsync());
    }

    [Fact]
    public async Task Consume_JobsOwnQualityGate_IsUsed()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync("strict", minQuality: 1f);
        await host.StartJobAsync("usual");
        var photo = TestPhotos.SmallFace(1, width: 48);

        await host.Client.UploadPhotoAsync(IngestionHost.Photo(photo, jobId: "strict"));
        await host.Client.UploadPhotoAsync(IngestionHost.Photo(photo, jobId: "usual"));

        Assert.Equal(1, (await host.CompleteAsync("strict")).Counts.RejectedQuality);
        Assert.Equal(1, (await host.CompleteAsync("usual")).Counts.Enrolled);
    }

    [Fact]
    public async Task Consume_MoreFacesAllowed_LargestIsEnrolled()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync(maxFaces: 2);

        await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Group(1, 2)));
        await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Group(1, 2, 3)));
        await host.CompleteAsync();

        Assert.Equal([EnrolOutcome.Enrolled, EnrolOutcome.RejectedQuality], (await host.ItemsAsync()).Select(item => item.Outcome).Order());
    }

    [Fact]
    public async Task Consume_PhotoIsGone_FailedPhotoNotFound()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();
        var item = await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        await host.Photos.DeleteAsync(PhotoKeys.Of(Guid.Parse(item.ItemId)), CancellationToken.None);
        var command = Assert.Single(await host.Harness.Published.SelectAsync<CropFaces>().ToListAsync()).Context.Message;
        await using var worker = await IngestionHost.StartAsync(settings: new() { ["Storage:Directory"] = host.Folder });

        await worker.Harness.Bus.Publish(command);
        var job = await worker.CompleteAsync();

        Assert.Equal(1, job.Counts.Failed);
        Assert.Equal("PHOTO_NOT_FOUND", Assert.Single(await worker.ItemsAsync()).ErrorReason);
    }

    [Fact]
    public async Task Consume_KeyThatLeadsOutOfTheStore_FailedPhotoNotFound()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();
        await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        var command = Assert.Single(await host.Harness.Published.SelectAsync<CropFaces>().ToListAsync()).Context.Message;
        await using var worker = await IngestionHost.StartAsync(settings: new() { ["Storage:Directory"] = host.Folder });

        await worker.Harness.Bus.Publish(command with { PhotoKey = "../../../../etc/hostname" });
        await worker.CompleteAsync();

        Assert.Equal("PHOTO_NOT_FOUND", Assert.Single(await worker.ItemsAsync()).ErrorReason);
    }
}
