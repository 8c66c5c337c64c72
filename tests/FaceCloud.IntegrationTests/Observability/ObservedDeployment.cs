using System.Diagnostics;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.TestServers.Otlp;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.IntegrationTests.Observability;

/// <summary>The separate services with a collector that takes all they export.</summary>
public sealed class ObservedDeployment(RabbitMqFixture rabbit, PostgresFixture postgres) : IAsyncLifetime
{
    public const string AtIngestion = "facecloud-ingestion";
    public const string AtEncoder = "facecloud-encoder";
    public const string AtGallery = "facecloud-gallery";

    private OtlpCollector? _collector;

    public SeparateDeployment System { get; } = new(rabbit, postgres);

    public OtlpCollector Collector => _collector!;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync(TestContext.Current.CancellationToken);
        foreach (var (key, value) in _collector.Settings)
        {
            System.Settings[key] = value;
        }

        System.Settings["Ingestion:MeasureInterval"] = "00:00:00.500";
        System.Settings["Gallery:MeasureInterval"] = "00:00:00.500";
        await System.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }
    }

    /// <summary>Calls as a client that traces itself.</summary>
    /// <returns>The client's span and what the call returned.</returns>
    internal static async Task<(Activity Client, T Answer)> TracedAsync<T>(Func<Task<T>> call)
    {
        using var client = new Activity("client").SetIdFormat(ActivityIdFormat.W3C).Start();
        client.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        return (client, await call());
    }

    /// <summary>Waits until the trace is as it should be: spans come when they have ended, in any order.</summary>
    internal async Task<TraceTree> TraceAsync(string traceId, Func<TraceTree, bool> isComplete, CancellationToken cancellationToken)
    {
        var tree = new TraceTree([], traceId);
        await Patience.UntilAsync(
            _ =>
            {
                tree = new TraceTree(Collector.Spans, traceId);
                return Task.FromResult(isComplete(tree));
            },
            () => $"The trace stayed incomplete:{Environment.NewLine}{tree}{Environment.NewLine}{System.Tails}",
            cancellationToken,
            TimeSpan.FromSeconds(60));
        return tree;
    }
}
