using System.Globalization;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>
/// An acknowledged photo reaches exactly one outcome, whatever is killed in the middle of a job; no face is lost or doubled.
/// </summary>
public sealed class KillTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private const int Photos = 60;
    private const int Persons = 20;

    // Drawn once: the photos are the same in every test.
    private static readonly Lazy<(string Person, byte[] Photo)[]> Drawn = new(() =>
        [.. Enumerable.Range(0, Photos).Select(i => (PersonOf(i), TestPhotos.Person(5000 + (i % Persons), variation: i / Persons)))]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Encoder")]
    [InlineData("Gallery")]
    [InlineData("Ingestion")]
    public async Task Kill_ServiceInTheMiddleOfAJob_EveryPhotoHasOneOutcome(string service)
    {
        await using var system = Slow(new SeparateDeployment(rabbit, postgres));
        await system.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = await system.UploadAsync(gallery, Drawn.Value, Cancelled);
        var victim = system.Processes.Single(process => process.Name == service);

        // Three times: the one that is killed may just have had nothing in hand.
        foreach (var progress in new[] { 1, Photos / 3, Photos * 2 / 3 })
        {
            var state = await system.UntilAsync(job, latest => Done(latest) >= progress, Cancelled);
            Assert.True(state.Counts.Pending > 0, $"The job was over before the kill: {state}");
            await victim.KillAsync();
            victim.Start();
        }

        await AssertCompleteAsync(system, gallery, job);
    }

    [Fact]
    public async Task Kill_BrokerInTheMiddleOfAJob_EveryPhotoHasOneOutcome()
    {
        await using var broker = RabbitMqFixture.PrivateBroker();
        await broker.StartAgainAsync(Cancelled);
        await using var system = Slow(new SeparateDeployment(rabbit, postgres) { Broker = broker.Address });
        await system.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = await system.UploadAsync(gallery, Drawn.Value, Cancelled);

        await system.UntilAsync(job, latest => Done(latest) >= Photos / 4, Cancelled);
        await broker.KillAsync();
        await broker.StartAgainAsync(Cancelled);

        await AssertCompleteAsync(system, gallery, job);
    }

    [Fact]
    public async Task Stop_ServicesInTheMiddleOfAJob_TheyDrainAndGoOnAfterwards()
    {
        await using var system = Slow(new SeparateDeployment(rabbit, postgres));
        await system.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = await system.UploadAsync(gallery, Drawn.Value, Cancelled);
        await system.UntilAsync(job, latest => Done(latest) >= Photos / 4, Cancelled);

        foreach (var process in system.Processes)
        {
            Assert.Equal(0, await process.StopAsync());
        }

        await system.StartAllAsync(Cancelled);

        await AssertCompleteAsync(system, gallery, job);
    }

    // One photo at a time, so that a job lasts long enough to be interrupted.
    private static SeparateDeployment Slow(SeparateDeployment system)
    {
        system.Settings["Ingestion:CropConcurrency"] = "1";
        system.Settings["Vision:Concurrency"] = "1";
        return system;
    }

    private static string PersonOf(int photo) => string.Create(CultureInfo.InvariantCulture, $"person-{photo % Persons}");

    private static long Done(Job job) => job.Counts.Accepted - job.Counts.Pending;

    private static async Task AssertCompleteAsync(SeparateDeployment system, string gallery, string id)
    {
        foreach (var process in system.Processes)
        {
            await process.WaitUntilHealthyAsync(Cancelled);
        }

        var job = await system.UntilCompletedAsync(id, Cancelled);

        // A step that ran twice may find the face there already; lost, failed or doubled must be none.
        Assert.Equal((Photos, 0, 0), (job.Counts.Enrolled + job.Counts.Duplicate, job.Counts.Failed, job.Counts.Pending));
        var items = await system.ItemsAsync(id, Cancelled);
        Assert.Equal(Photos, items.Select(item => item.ItemId).Distinct().Count());
        Assert.All(items, item => Assert.Equal(ItemState.Finished, item.State));
        var faces = await system.FacesAsync(gallery, Cancelled);
        Assert.Equal(Photos, faces.Count);
        Assert.Equal(faces.Select(face => face.FaceId).Order(), items.Select(item => item.FaceId).Order());
        Assert.Empty(system.StoredPhotos());
        var found = await system.IdentifyAsync(gallery, TestPhotos.Person(5007, variation: 9), Cancelled);
        Assert.Equal((IdentifyOutcome.Recognized, "person-7"), (found.Outcome, found.Faces[0].Candidates[0].PersonId));
    }
}
