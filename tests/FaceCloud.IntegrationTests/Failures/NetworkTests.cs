using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>The broker is there, but not to be had: connections break, or it takes nothing for want of memory.</summary>
public sealed class NetworkTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private const int Photos = 60;
    private const int Drops = 5;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_ConnectionsToTheBrokerInTheMiddleOfAJob_EveryPhotoHasOneOutcome()
    {
        await using var broker = RabbitMqFixture.PrivateBroker();
        await broker.StartAgainAsync(Cancelled);
        await using var proxy = new TcpProxy(broker.Address.Port);
        await using var system = new SeparateDeployment(rabbit, postgres) { Broker = new UriBuilder(broker.Address) { Port = proxy.Port }.Uri };
        await system.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = (await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled)).JobId;

        var dropped = 0;
        for (var portion = 0; portion < Drops; portion++)
        {
            var sending = SendAsync(system, job, Enumerable.Range(portion * Photos / Drops, Photos / Drops));
            if (portion == Drops / 2)
            {
                proxy.Cut();
                await Task.Delay(TimeSpan.FromSeconds(3), Cancelled);
                proxy.Mend();
            }
            else
            {
                await Patience.UntilAsync(_ => Task.FromResult(proxy.Connections > 0), () => "Nobody connects any more." + system.Tails, Cancelled);
                dropped += proxy.Drop();
            }

            await sending;
        }

        await AssertCompleteAsync(system, gallery, job);
        Assert.True(dropped >= Drops - 1, $"{dropped} connections were broken.");
    }

    [Fact]
    public async Task MemoryAlarm_OfTheBroker_UploadsAreRefusedCallsGoOnAndNothingIsLost()
    {
        await using var broker = RabbitMqFixture.PrivateBroker();
        await broker.StartAgainAsync(Cancelled);
        await using var system = new SeparateDeployment(rabbit, postgres) { Broker = broker.Address };
        system.Settings["Ingestion:PublishTimeout"] = "00:00:02";
        await system.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var enrolled = await system.EnrolAsync(gallery, "ada", TestPhotos.Person(1), Cancelled);
        var job = (await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled)).JobId;
        system.EncoderProcess.Freeze();
        await SendAsync(system, job, Enumerable.Range(0, Photos / 2));
        system.EncoderProcess.Thaw();

        await broker.SetMemoryAlarmAsync(on: true, Cancelled);
        var refused = await SystemCalls.FailureAsync(async () => await system.Ingestion.UploadPhotoAsync(Photo(job, Photos - 1), cancellationToken: Cancelled));
        var found = await system.IdentifyAsync(gallery, TestPhotos.Person(1, variation: 1), Cancelled);
        await broker.SetMemoryAlarmAsync(on: false, Cancelled);
        await SendAsync(system, job, Enumerable.Range(Photos / 2, Photos - (Photos / 2)));

        Assert.Equal(EnrolOutcome.Enrolled, enrolled.Outcome);
        Assert.Equal((StatusCode.Unavailable, "BROKER_UNAVAILABLE"), (refused.Status, refused.Reason));
        Assert.Equal(IdentifyOutcome.Recognized, found.Outcome);
        await AssertCompleteAsync(system, gallery, job, others: 1);
    }

    private static UploadPhotoRequest Photo(string job, int photo) =>
        new() { JobId = job, PersonId = $"person-{photo}", Photo = ByteString.CopyFrom(TestPhotos.Person(9000 + (photo % 10))) };

    // Until each is acknowledged.
    private static async Task SendAsync(SeparateDeployment system, string job, IEnumerable<int> photos)
    {
        foreach (var photo in photos)
        {
            await Patience.UntilAsync(
                async cancelled =>
                {
                    try
                    {
                        await system.Ingestion.UploadPhotoAsync(Photo(job, photo), cancellationToken: cancelled);
                        return true;
                    }
                    catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
                    {
                        return false;
                    }
                },
                () => $"Photo {photo} was never taken.{Environment.NewLine}{system.Tails}",
                Cancelled);
        }
    }

    private static async Task AssertCompleteAsync(SeparateDeployment system, string gallery, string job, int others = 0)
    {
        await system.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job }, cancellationToken: Cancelled);
        var completed = await system.UntilCompletedAsync(job, Cancelled);
        var faces = await system.FacesAsync(gallery, Cancelled);

        Assert.Equal((Photos, 0L), (completed.Counts.Enrolled + completed.Counts.Duplicate, completed.Counts.Failed));
        Assert.Equal(Photos + others, faces.Select(face => face.FaceId).Distinct().Count());
        Assert.Equal(Photos, (await system.ItemsAsync(job, Cancelled)).Select(item => item.ItemId).Distinct().Count());
        await system.UntilNoStoredPhotosAsync(Cancelled);
    }
}
