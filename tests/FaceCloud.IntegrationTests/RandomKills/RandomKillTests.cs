using System.Globalization;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Servers;

namespace FaceCloud.IntegrationTests.RandomKills;

/// <summary>
/// The promise of bulk enrolment under random kills of every part. A short run with every build; the long one by hand:
/// <c>-explicit only -class "*RandomKillTests"</c>, steered by FACECLOUD_KILLS, _KILL_JOBS, _KILL_PHOTOS, _KILL_SEED and _KILL_REPORT.
/// </summary>
public sealed class RandomKillTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private const string Command = "dotnet run -c Release --project tests/FaceCloud.IntegrationTests -- -explicit only -class \"*RandomKillTests\"";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AnyPartAtRandom_EveryAcknowledgedPhotoHasOneOutcome()
    {
        var report = await RunAsync(new KillPlan(Seed: 5, Kills: 8, Jobs: 1, PhotosPerJob: 96, LongestPause: TimeSpan.FromSeconds(3)));

        Assert.Equal((96, 96), (report.Faces, report.IndexedFaces));
    }

    [Fact(Explicit = true)]
    public async Task Kill_AnyPartAtRandomForLong_EveryAcknowledgedPhotoHasOneOutcome()
    {
        var plan = new KillPlan(
            Number("FACECLOUD_KILL_SEED", 1), Number("FACECLOUD_KILLS", 60), Number("FACECLOUD_KILL_JOBS", 4), Number("FACECLOUD_KILL_PHOTOS", 400), TimeSpan.FromSeconds(6));

        var report = await RunAsync(plan);

        Assert.Equal(plan.Jobs * plan.PhotosPerJob, report.Faces);
        var text = report.ToMarkdown(Command);
        await Console.Error.WriteLineAsync(text);
        if (TestRun.Setting("FACECLOUD_KILL_REPORT") is { } file)
        {
            await File.WriteAllTextAsync(file, text, Cancelled);
        }
    }

    private static int Number(string variable, int otherwise) =>
        TestRun.Setting(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private async Task<KillReport> RunAsync(KillPlan plan)
    {
        await using var broker = RabbitMqFixture.PrivateBroker();
        await broker.StartAgainAsync(Cancelled);
        await using var system = new SeparateDeployment(rabbit, postgres) { Broker = broker.Address };
        // What a crash leaves is found within the test; as short as may be.
        system.Settings["Ingestion:PhotoLeftoverAge"] = "00:01:00";
        system.Settings["Ingestion:PhotoSweepInterval"] = "00:00:05";
        system.Settings["Ingestion:OverdueAfter"] = "00:01:00";
        system.Settings["Ingestion:SweepInterval"] = "00:00:10";
        await system.InitializeAsync();
        return await new KillRun(system, broker, plan).RunAsync(Cancelled);
    }
}
