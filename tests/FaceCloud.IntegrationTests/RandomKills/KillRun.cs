using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FaceCloud.Contracts;
using FaceCloud.IntegrationTests.ByQueue;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers;
using FaceCloud.TestServers.Processes;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.IntegrationTests.RandomKills;

/// <summary>
/// Jobs while processes and broker are killed at random. Photos are sent until each is acknowledged, and then it is counted:
/// every acknowledged photo has one outcome, no face is lost or doubled, nothing is left over.
/// </summary>
public sealed class KillRun(SeparateDeployment system, RabbitMqServer broker, KillPlan plan)
{
    private const int Senders = 4;
    private const int DrawnPhotos = 40;

    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    private readonly Random _random = new(plan.Seed);
    private readonly byte[][] _photos = [.. Enumerable.Range(0, DrawnPhotos).Select(i => TestPhotos.Person(8000 + i))];
    private readonly KillReport _report = new(plan);
    private int _kills;

    public async Task<KillReport> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var gallery = await system.CreateGalleryAsync(cancellationToken);
        for (var job = 1; job <= plan.Jobs; job++)
        {
            await RunJobAsync(gallery, job, cancellationToken);
        }

        await CheckAsync(gallery, cancellationToken);
        _report.Took = clock.Elapsed;
        return _report;
    }

    private async Task RunJobAsync(string gallery, int number, CancellationToken cancellationToken)
    {
        var job = (await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: cancellationToken)).JobId;
        var before = _kills;
        var until = plan.Kills * number / plan.Jobs;

        // A few photos a kill: sending lasts as long as killing does.
        bool MaySend(int photo) => _kills >= until || photo * (until - before) < (_kills - before + 1) * plan.PhotosPerJob;
        var killing = KillAsync(until, cancellationToken);
        var byQueue = Enumerable.Range(0, plan.PhotosPerJob).Where(photo => photo % 4 == 0).ToList();
        var uploaded = Enumerable.Range(0, plan.PhotosPerJob).Except(byQueue).ToList();
        var publishing = PublishAsync(gallery, job, number, byQueue, MaySend, cancellationToken);
        await Parallel.ForEachAsync(
            uploaded,
            new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken },
            async (photo, cancelled) => await UploadAsync(job, number, photo, MaySend, cancelled));
        await publishing;
        await killing;
        (_report.Uploaded, _report.ByQueue) = (_report.Uploaded + uploaded.Count, _report.ByQueue + byQueue.Count);

        await UntilHealthyAsync(cancellationToken);
        await UntilJobAsync(job, state => state.Counts.Accepted >= plan.PhotosPerJob, cancellationToken);
        await system.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job }, cancellationToken: cancellationToken);
        var completed = await UntilJobAsync(job, state => state.State == JobState.Completed, cancellationToken);
        await CheckAsync(job, completed, cancellationToken);
    }

    private async Task KillAsync(int until, CancellationToken cancellationToken)
    {
        (string Name, Func<Task> Kill)[] victims =
        [
            .. system.Processes.SelectMany(process => Enumerable.Repeat((process.Name, (Func<Task>)(() => KillAsync(process))), 3)),
            ("Broker", async () =>
            {
                await broker.KillAsync();
                await broker.StartAgainAsync(cancellationToken);
            }),
            ("Broker, stopped and started", async () =>
            {
                await broker.StopAsync();
                await broker.StartAgainAsync(cancellationToken);
            }),
        ];
        while (_kills < until)
        {
            await Task.Delay(_random.NextDouble() * plan.LongestPause, cancellationToken);
            var (name, kill) = victims[_random.Next(victims.Length)];
            await kill();
            _report.Kills.AddOrUpdate(name, 1, (_, times) => times + 1);
            Interlocked.Increment(ref _kills);
            await Console.Error.WriteLineAsync($"{_kills} of {plan.Kills}: {name}");
        }
    }

    private static async Task KillAsync(ServiceProcess process)
    {
        Assert.True(process.IsRunning, $"{process.Name} ended by itself.{Environment.NewLine}{process.Tail}");
        await process.KillAsync();
        process.Start();
    }

    private async Task UploadAsync(string job, int number, int photo, Func<int, bool> maySend, CancellationToken cancellationToken)
    {
        await UntilAsync(maySend, photo, cancellationToken);
        var request = new UploadPhotoRequest { JobId = job, PersonId = Person(number, photo), Photo = UnsafeByteOperations.UnsafeWrap(_photos[photo % DrawnPhotos]) };
        while (true)
        {
            try
            {
                await system.Ingestion.UploadPhotoAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30), cancellationToken: cancellationToken);
                return;
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested && exception.StatusCode != StatusCode.InvalidArgument)
            {
                _report.Refusals.AddOrUpdate(exception.StatusCode.ToString(), 1, (_, times) => times + 1);
                await Task.Delay(Again, cancellationToken);
            }
        }
    }

    private async Task PublishAsync(string gallery, string job, int number, List<int> photos, Func<int, bool> maySend, CancellationToken cancellationToken)
    {
        PlainClient? client = null;
        try
        {
            foreach (var photo in photos)
            {
                await UntilAsync(maySend, photo, cancellationToken);
                var body = JsonSerializer.Serialize(new { galleryId = gallery, jobId = job, personId = Person(number, photo), photo = _photos[photo % DrawnPhotos] });
                while (true)
                {
                    try
                    {
                        client ??= await PlainClient.ConnectAsync(system.BrokerAddress, cancellationToken);
                        await client.SendAsync(Queues.EnrollPhoto, "application/json", body, cancellationToken);
                        break;
                    }
                    catch (Exception) when (!cancellationToken.IsCancellationRequested)
                    {
                        // Whatever it was, the broker did not confirm.
                        _report.Refusals.AddOrUpdate("not confirmed", 1, (_, times) => times + 1);
                        client = null;
                        await Task.Delay(Again, cancellationToken);
                    }
                }
            }
        }
        finally
        {
            if (client is not null)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static async Task UntilAsync(Func<int, bool> maySend, int photo, CancellationToken cancellationToken)
    {
        while (!maySend(photo))
        {
            await Task.Delay(Again, cancellationToken);
        }
    }

    private async Task UntilHealthyAsync(CancellationToken cancellationToken)
    {
        foreach (var process in system.Processes)
        {
            await process.WaitUntilHealthyAsync(cancellationToken);
        }
    }

    private async Task<Job> UntilJobAsync(string job, Func<Job, bool> condition, CancellationToken cancellationToken)
    {
        var latest = new Job();
        await Patience.UntilAsync(
            async cancelled =>
            {
                latest = await system.JobAsync(job, cancelled);
                return condition(latest);
            },
            () => $"The job stands at {latest}{Environment.NewLine}{system.Tails}",
            cancellationToken,
            LongPatience);
        return latest;
    }

    private async Task CheckAsync(string job, Job completed, CancellationToken cancellationToken)
    {
        Assert.Equal((plan.PhotosPerJob, 0, 0), (completed.Counts.Accepted, completed.Counts.Failed, completed.Counts.Pending));
        Assert.Equal(plan.PhotosPerJob, completed.Counts.Enrolled + completed.Counts.Duplicate);
        var items = await system.ItemsAsync(job, cancellationToken);
        Assert.Equal(plan.PhotosPerJob, items.Select(item => item.ItemId).Distinct().Count());
        Assert.Equal(plan.PhotosPerJob, items.Select(item => item.PersonId).Distinct().Count());
        Assert.All(items, item => Assert.Equal(ItemState.Finished, item.State));
        (_report.Enrolled, _report.Duplicate) = (_report.Enrolled + completed.Counts.Enrolled, _report.Duplicate + completed.Counts.Duplicate);
    }

    private async Task CheckAsync(string gallery, CancellationToken cancellationToken)
    {
        var all = plan.Jobs * plan.PhotosPerJob;
        var faces = await system.FacesAsync(gallery, cancellationToken);
        Assert.Equal((all, all), (faces.Count, faces.Select(face => face.FaceId).Distinct().Count()));
        Assert.Equal(all, faces.Select(face => face.PersonId).Distinct().Count());
        _report.Faces = faces.Count;

        var index = new IndexService.IndexServiceClient(system.GalleryProcess.Channel);
        var state = await index.VerifyIndexAsync(new VerifyIndexRequest(), cancellationToken: cancellationToken);
        while (state.Operation?.State == IndexOperationState.Running)
        {
            await Task.Delay(Again, cancellationToken);
            state = await index.GetIndexAsync(new GetIndexRequest(), cancellationToken: cancellationToken);
        }

        var drift = state.Operation!.Drift;
        Assert.Equal(IndexOperationState.Succeeded, state.Operation.State);
        Assert.Equal((all, 0L, 0L, 0L, 0L), (drift.Faces, drift.Missing, drift.Extra, drift.Changed, drift.Damaged));
        _report.IndexedFaces = (int)drift.Faces;

        // A crash between storing and booking leaves a photo for the sweep.
        await system.UntilNoStoredPhotosAsync(cancellationToken, limit: LongPatience);
        await using var client = await PlainClient.ConnectAsync(system.BrokerAddress, cancellationToken);
        foreach (var queue in typeof(Queues).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!))
        {
            await Patience.UntilAsync(
                async cancelled => await client.DepthAsync(queue, cancelled) == 0, () => $"Messages are left in '{queue}'.{Environment.NewLine}{system.Tails}", cancellationToken);
            var dead = await client.TakeAllAsync(queue + Queues.ErrorSuffix, cancellationToken);
            dead.AddRange(await client.TakeAllAsync(queue + Queues.SkippedSuffix, cancellationToken));
            Assert.True(dead.Count == 0, $"{dead.Count} dead letters of '{queue}': {string.Join("; ", dead.Select(letter => letter.GetValueOrDefault("MT-Fault-Message")))}");
        }
    }

    private static string Person(int job, int photo) => string.Create(CultureInfo.InvariantCulture, $"person-{job}-{photo}");
}
