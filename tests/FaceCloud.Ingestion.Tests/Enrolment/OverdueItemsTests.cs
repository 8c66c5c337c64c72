using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Tests.Consumers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.ServiceDefaults.Messaging;
using FaceCloud.Testing;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FaceCloud.Ingestion.Tests.Enrolment;

public sealed class OverdueItemsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Sweep_ItemsWaitLonger_CommandsAgainWithDoublingWaits()
    {
        await using var host = await StartLossyAsync();
        await host.StartJobAsync();
        await host.UploadAsync(IngestionHost.Photo([1]), IngestionHost.Photo([2]));

        var counts = new List<int>();
        foreach (var minutes in new[] { 9, 2, 18, 3, 39, 2 })
        {
            _time.Advance(TimeSpan.FromMinutes(minutes));
            counts.Add(await host.Overdue.SweepAsync(None));
        }

        Assert.Equal([0, 2, 0, 2, 0, 2], counts);
        Assert.Equal(8, await host.Harness.Published.SelectAsync<CropFaces>().CountAsync());
        Assert.Equal(2, (await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" })).Counts.Pending);
    }

    [Fact]
    public async Task Sweep_CommandWasLost_ItemGetsItsOutcome()
    {
        await using var lossy = await StartLossyAsync();
        await lossy.StartJobAsync();
        await lossy.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        await using var host = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(), settings: new() { ["Storage:Directory"] = lossy.Folder, ["Ingestion:OverdueAfter"] = "00:10:00" });
        _time.Advance(TimeSpan.FromMinutes(11));

        await lossy.Overdue.SweepAsync(None);
        var command = (await lossy.Harness.Published.SelectAsync<CropFaces>().ToListAsync())[^1].Context.Message;
        await host.Harness.Bus.Publish(command);

        Assert.Equal(1, (await host.CompleteAsync()).Counts.Enrolled);
    }

    [Fact]
    public async Task Sweep_TooManyTimes_ItemEndsAsFailed()
    {
        await using var host = await StartLossyAsync(overdueLimit: "2");
        await host.StartJobAsync();
        await host.UploadAsync(IngestionHost.Photo([1]));

        for (var time = 0; time < 3; time++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await host.Overdue.SweepAsync(None);
        }

        var outcome = Assert.Single(await host.Harness.Published.SelectAsync<EnrolmentOutcome>().ToListAsync()).Context.Message;
        Assert.Equal((Contracts.EnrolOutcome.Failed, "INTERNAL"), (outcome.Outcome, outcome.ErrorReason));
        Assert.Equal(3, await host.Harness.Published.SelectAsync<CropFaces>().CountAsync());
    }

    [Fact]
    public async Task Sweep_ItemsHaveTheirOutcomes_NothingToDo()
    {
        await using var host = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(), settings: new() { ["Ingestion:OverdueAfter"] = "00:00:00.010" });
        await host.StartJobAsync();
        await host.UploadAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        await host.CompleteAsync();

        Assert.Equal(0, await host.Overdue.SweepAsync(None));
        Assert.Equal(0, await host.Overdue.ResumeAsync(None));
    }

    [Fact]
    public async Task Start_InMemoryBusOfTheProcessBeforeIsGone_EveryItemGetsItsOutcome()
    {
        await using var before = await StartLossyAsync();
        await before.StartJobAsync();
        await before.UploadAsync(Enumerable.Range(0, 5).Select(seed => IngestionHost.Photo(TestPhotos.Person(seed))));

        await using var after = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(),
            services => services.Configure<MessagingOptions>(options => options.Transport = MessagingTransport.InMemory),
            new() { ["Storage:Directory"] = before.Folder });

        Assert.Equal(5, (await after.CompleteAsync()).Counts.Enrolled);
    }

    // What is published is lost, and time stands still but for Advance.
    private Task<IngestionHost> StartLossyAsync(string overdueLimit = "8") => IngestionHost.StartAsync(
        services: services => services.AddSingleton<TimeProvider>(_time),
        settings: new() { ["Ingestion:SweepInterval"] = "1.00:00:00", ["Ingestion:OverdueAfter"] = "00:10:00", ["Ingestion:OverdueLimit"] = overdueLimit },
        withConsumers: false);
}
