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
    private const int Kills = 3;

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
        var job = await OpenJobAsync(system, gallery);
        var victim = system.Processes.Single(process => process.Name == service);

        foreach (var portion in Drawn.Value.Chunk(Photos / Kills))
        {
            var before = await UploadHeldUpAsync(system, job, portion);
            if (service == "Gallery")
            {
                // Has nothing in hand until the encoder goes on.
                system.EncoderProcess.Thaw();
                await system.UntilAsync(job, latest => Done(latest) > before, Cancelled);
            }

            await victim.KillAsync();
            victim.Start();
            system.EncoderProcess.Thaw();
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
        var job = await OpenJobAsync(system, gallery);

        await UploadHeldUpAsync(system, job, Drawn.Value);
        await broker.KillAsync();
        await broker.StartAgainAsync(Cancelled);
        system.EncoderProcess.Thaw();

        await AssertCompleteAsync(system, gallery, job);
    }

    [Fact]
    public async Task Stop_ServicesInTheMiddleOfAJob_TheyDrainAndGoOnAfterwards()
    {
        await using var system = Slow(new SeparateDeployment(rabbit, postgres));
        await system.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = await OpenJobAsync(system, gallery);
        await system.UploadIntoAsync(job, Drawn.Value, Cancelled);

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

    private static async Task<string> OpenJobAsync(SeparateDeployment system, string gallery) =>
        (await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled)).JobId;

    // With the encoder standing still, none of these photos can be through when the kill comes.
    private static async Task<long> UploadHeldUpAsync(SeparateDeployment system, string job, (string Person, byte[] Photo)[] photos)
    {
        await system.EncoderProcess.WaitUntilHealthyAsync(Cancelled);
        await system.IngestionProcess.WaitUntilHealthyAsync(Cancelled);
        system.EncoderProcess.Freeze();
        await system.UploadIntoAsync(job, photos, Cancelled);
        var state = await system.JobAsync(job, Cancelled);
        Assert.InRange(state.Counts.Pending, photos.Length, Photos);
        return Done(state);
    }

    private static string PersonOf(int photo) => string.Create(CultureInfo.InvariantCulture, $"person-{photo % Persons}");

    private static long Done(Job job) => job.Counts.Accepted - job.Counts.Pending;

    private static async Task AssertCompleteAsync(SeparateDeployment system, string gallery, string id)
    {
        foreach (var process in system.Processes)
        {
            await process.WaitUntilHealthyAsync(Cancelled);
        }

        await system.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = id }, cancellationToken: Cancelled);
        var job = await system.UntilCompletedAsync(id, Cancelled);

        // A step that ran twice may find the face there already; lost, failed or doubled must be none.
        Assert.Equal((Photos, 0, 0), (job.Counts.Enrolled + job.Counts.Duplicate, job.Counts.Failed, job.Counts.Pending));
        var items = await system.ItemsAsync(id, Cancelled);
        Assert.Equal(Photos, items.Select(item => item.ItemId).Distinct().Count());
        Assert.All(items, item => Assert.Equal(ItemState.Finished, item.State));
        var faces = await system.FacesAsync(gallery, Cancelled);
        Assert.Equal(Photos, faces.Count);
        Assert.Equal(faces.Select(face => face.FaceId).Order(), items.Select(item => item.FaceId).Order());
        await system.UntilNoStoredPhotosAsync(Cancelled);
        var found = await system.IdentifyAsync(gallery, TestPhotos.Person(5007, variation: 9), Cancelled);
        Assert.Equal((IdentifyOutcome.Recognized, "person-7"), (found.Outcome, found.Faces[0].Candidates[0].PersonId));
    }
}
