using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Tests.Consumers;
using FaceCloud.Ingestion.Tests.Grpc;
using FaceCloud.Ingestion.Tests.Photos;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Ingestion.Tests.Enrolment;

/// <summary>A slow or stopped stage reaches the client; nothing grows behind it.</summary>
public sealed class IntakeGateTests
{
    [Fact]
    public async Task Upload_AsManyOnTheWayAsMayBe_RefusedUntilOneHasItsOutcome()
    {
        await using var host = await IngestionHost.StartAsync(
            settings: new() { ["Ingestion:MostPending"] = "2", ["Ingestion:IntakePatience"] = "00:00:00" }, withConsumers: false);
        await host.StartJobAsync();
        var (one, two, three) = (Photo("one"), Photo("two"), Photo("three"));
        var first = await host.Client.UploadPhotoAsync(one);
        await host.Client.UploadPhotoAsync(two);

        var refused = await Assert.ThrowsAsync<RpcException>(() => host.Client.UploadPhotoAsync(three).ResponseAsync);
        var repeated = await host.Client.UploadPhotoAsync(one);
        await FinishAsync(host, first);
        var accepted = await WhenThereIsRoomAsync(host, three);

        Assert.Equal((StatusCode.ResourceExhausted, "INTAKE_FULL"), (refused.StatusCode, Failures.Reason(refused)));
        Assert.Equal(first.ItemId, repeated.ItemId);
        Assert.Equal("three", accepted.PersonId);
    }

    [Fact]
    public async Task Upload_StreamLongerThanTheHouse_WaitsAtTheDoorAndAllAreEnrolled()
    {
        await using var host = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(), settings: new() { ["Ingestion:MostPending"] = "3", ["Ingestion:IntakePatience"] = "00:05:00" });
        await host.StartJobAsync();

        var answer = await host.UploadAsync(Enumerable.Range(0, 12).Select(i => Photo($"person-{i}")));
        var job = await host.CompleteAsync();

        Assert.Equal((12, 12), (answer.Accepted, job.Counts.Enrolled));
    }

    [Fact]
    public async Task Upload_PhotoStoreIsFull_ResourceExhaustedAndNoItem()
    {
        await using var host = await IngestionHost.StartAsync(
            services: services => services.AddSingleton<IPhotoStore>(new FullPhotoStore(refusals: 1)), withConsumers: false);
        await host.StartJobAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(() => host.Client.UploadPhotoAsync(Photo("ada")).ResponseAsync);
        var afterwards = (await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" })).Counts.Accepted;
        var accepted = await host.Client.UploadPhotoAsync(Photo("ada"));

        Assert.Equal((StatusCode.ResourceExhausted, "PHOTO_STORE_FULL", 0L), (refused.StatusCode, Failures.Reason(refused), afterwards));
        Assert.Equal("ada", accepted.PersonId);
    }

    private static UploadPhotoRequest Photo(string person) => IngestionHost.Photo(TestPhotos.Person(1), person);

    private static Task FinishAsync(IngestionHost host, Item item) =>
        host.Services.GetRequiredService<FaceCloud.Ingestion.Enrolment.OutcomeBook>().BookAsync(
            [
                new EnrolmentOutcome
                {
                    Target = new()
                    {
                        TenantId = Contracts.Tenants.Default,
                        JobId = item.JobId,
                        ItemId = Guid.Parse(item.ItemId),
                        GalleryId = IngestionHost.Gallery,
                        PersonId = item.PersonId,
                        PhotoSha256 = "",
                        AcceptedAt = DateTimeOffset.UnixEpoch,
                    },
                    Outcome = Contracts.EnrolOutcome.NoFace,
                },
            ],
            CancellationToken.None);

    // The house is counted anew every second.
    private static async Task<Item> WhenThereIsRoomAsync(IngestionHost host, UploadPhotoRequest photo)
    {
        while (true)
        {
            try
            {
                return await host.Client.UploadPhotoAsync(photo);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
