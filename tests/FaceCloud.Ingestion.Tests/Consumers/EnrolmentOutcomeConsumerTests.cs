using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using MassTransit;
using MassTransit.Testing;

namespace FaceCloud.Ingestion.Tests.Consumers;

public sealed class EnrolmentOutcomeConsumerTests
{
    [Fact]
    public async Task Consume_SameOutcomeTwiceThenAnother_FirstCounts()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<Hold>());
        await host.StartJobAsync();
        await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        var target = (await host.Harness.Published.SelectAsync<CropFaces>().ToListAsync()).Single().Context.Message.Target;
        var outcome = new EnrolmentOutcome { Target = target, Outcome = EnrolOutcome.Duplicate, FaceId = Guid.NewGuid() };

        await host.Harness.Bus.Publish(outcome);
        await host.Harness.Bus.Publish(outcome);
        var job = await host.CompleteAsync();
        await host.Harness.Bus.Publish(outcome with { Outcome = EnrolOutcome.Failed, FaceId = null });
        await host.Harness.InactivityTask;

        Assert.Equal((1, 0, 1, 0), (job.Counts.Accepted, job.Counts.Pending, job.Counts.Duplicate, job.Counts.Failed));
        Assert.Equal(job, await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" }));
        Assert.Equal(outcome.FaceId.ToString(), Assert.Single(await host.ItemsAsync()).FaceId);
    }

    [Fact]
    public async Task Consume_ManyOutcomesOfTwoJobsAtOnce_AllBooked()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: true, bus: bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync("one");
        await host.StartJobAsync("two");
        var photo = TestPhotos.Person(1);

        await host.UploadAsync(Enumerable.Range(0, 60).Select(person => IngestionHost.Photo(photo, $"person-{person}", person % 2 == 0 ? "one" : "two")));

        Assert.Equal(30, (await host.CompleteAsync("one")).Counts.Enrolled);
        Assert.Equal(30, (await host.CompleteAsync("two")).Counts.Enrolled);
    }

    /// <summary>An encoder that answers nothing.</summary>
    private sealed class Hold : IConsumer<EncodeFace>
    {
        public Task Consume(ConsumeContext<EncodeFace> context) => Task.CompletedTask;
    }
}
