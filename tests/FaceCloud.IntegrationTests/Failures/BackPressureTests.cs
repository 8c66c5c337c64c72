using FaceCloud.Contracts;
using FaceCloud.IntegrationTests.ByQueue;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>A stage that stands still reaches the client; no queue grows beyond what may be on the way.</summary>
public sealed class BackPressureTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private const int MostPending = 30;
    private const int Photos = 80;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Encoder")]
    [InlineData("Gallery")]
    public async Task Freeze_AStageInTheMiddleOfAJob_ClientIsRefusedAndAllAreEnrolledAfterwards(string stage)
    {
        await using var system = new SeparateDeployment(rabbit, postgres);
        system.Settings["Ingestion:MostPending"] = $"{MostPending}";
        system.Settings["Ingestion:IntakePatience"] = "00:00:00.500";
        // A busy machine is not what is tested.
        system.Settings["Ingestion:PublishTimeout"] = "00:02:00";
        await system.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = (await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled)).JobId;
        var victim = system.Processes.Single(process => process.Name == stage);
        await using var client = await PlainClient.ConnectAsync(system.BrokerAddress, Cancelled);

        victim.Freeze();
        var taken = 0;
        var refused = await SystemCalls.FailureAsync(async () =>
        {
            for (; taken < Photos; taken++)
            {
                await system.Ingestion.UploadPhotoAsync(Photo(job, taken), cancellationToken: Cancelled);
            }
        });
        var onTheWay = (await system.JobAsync(job, Cancelled)).Counts.Pending;
        var inQueues = 0L;
        foreach (var queue in new[] { Queues.CropFaces, Queues.EncodeFace, Queues.FaceEncoded, Queues.EnrolmentOutcome })
        {
            inQueues += await client.DepthAsync(queue, Cancelled);
        }

        victim.Thaw();
        for (var photo = taken; photo < Photos; photo++)
        {
            var next = photo;
            await Patience.UntilAsync(cancelled => TrySendAsync(system, job, next, cancelled), () => system.Tails, Cancelled);
        }

        await system.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job }, cancellationToken: Cancelled);
        var completed = await system.UntilCompletedAsync(job, Cancelled);

        Assert.Equal((StatusCode.ResourceExhausted, "INTAKE_FULL"), (refused.Status, refused.Reason));
        Assert.InRange(taken, 1, Photos - 1);
        Assert.InRange(onTheWay, 0, MostPending);
        Assert.InRange(inQueues, 0, MostPending);
        Assert.Equal((Photos, 0L), (completed.Counts.Enrolled, completed.Counts.Failed));
    }

    private static UploadPhotoRequest Photo(string job, int photo) =>
        new() { JobId = job, PersonId = $"person-{photo}", Photo = ByteString.CopyFrom(TestPhotos.Person(9100 + (photo % 10))) };

    private static async Task<bool> TrySendAsync(SeparateDeployment system, string job, int photo, CancellationToken cancellationToken)
    {
        try
        {
            await system.Ingestion.UploadPhotoAsync(Photo(job, photo), cancellationToken: cancellationToken);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable)
        {
            return false;
        }
    }
}
