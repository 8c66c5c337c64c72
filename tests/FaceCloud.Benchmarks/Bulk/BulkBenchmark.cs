using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FaceCloud.Benchmarks.Whole;
using FaceCloud.Contracts;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>Bulk enrolment over RabbitMQ and PostgreSQL: throughput, the encoder's overhead, interactive calls beside it, memory, the broker's room.</summary>
internal static class BulkBenchmark
{
    // Until the runtime has compiled what runs often: in the first minute of a process that takes a third of the processor.
    private const int WarmUp = 1200;

    public static async Task<string> RunAsync(BulkSettings settings, PhotoSet set, string command, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Line($"# Bulk enrolment over RabbitMQ and PostgreSQL");
        Line($"");
        Line($"* Machine: {Environment.ProcessorCount} cores; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}");
        Line($"* Command: `{command}`");
        Line($"* Every worker is a process with one session and one photo at a time. Client, broker, database and services share the machine.");
        Line($"");

        await SayAsync("Raw stages ...");
        double slowest, bound;
        var uses = new List<(int Workers, IReadOnlyDictionary<string, double> Milliseconds)>();
        using (var stages = new Stages(settings.Models))
        {
            var (results, _) = await RawStages.MeasureAsync(stages, set, settings.StageTime);
            Line($"| stage alone, all cores | photos/s |");
            Line($"|---|---|");
            foreach (var stage in results)
            {
                Line($"| {stage.Name} | {stage.PerSecond:0.0} |");
            }

            (slowest, bound) = (results.Min(stage => stage.PerSecond), 1 / results.Sum(stage => 1 / stage.PerSecond));
            Line($"| all of a photo, no core ever idle (bound) | {bound:0.0} |");
            Line($"");
        }

        await using var servers = await SeparateServers.StartAsync(settings.Models, cancellationToken);
        Line($"| workers | photos/s, first sent to last outcome, {settings.Photos} photos | of the slowest stage alone | of the bound |");
        Line($"|---|---|---|---|");
        var best = 0.0;
        foreach (var workers in settings.Workers)
        {
            await SayAsync($"{workers} workers ...");
            await servers.UseAsync(workers, cancellationToken);
            await BulkRun.MeasureAsync(servers, set, WarmUp, cancellationToken);
            var (rate, milliseconds) = await ProcessorTime.OfAsync(
                servers, settings.Photos, () => BulkRun.MeasureAsync(servers, set, settings.Photos, cancellationToken));
            uses.Add((workers, milliseconds));
            Line($"| {workers} | **{rate:0.0}** | {100 * rate / slowest:0} % | {100 * rate / bound:0} % |");
            best = Math.Max(best, rate);
        }

        Line($"");
        Line($"| processor ms a photo | {string.Join(" | ", uses[0].Milliseconds.Keys)} | together | of which stages |");
        Line($"|---{string.Concat(uses[0].Milliseconds.Select(_ => "|---"))}|---|---|");
        foreach (var (workers, milliseconds) in uses)
        {
            var each = string.Join(" | ", milliseconds.Values.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)));
            Line($"| {workers} workers | {each} | {milliseconds.Values.Sum():0.0} | {1000 * Environment.ProcessorCount / bound:0.0} |");
        }

        await SayAsync("Verify beside a job ...");
        await servers.UseAsync(Math.Min(2, settings.Workers.Max()), cancellationToken);
        var (alone, beside) = await VerifyBeside.MeasureAsync(servers, set, settings, cancellationToken);
        Line($"");
        Line($"| Verify, one after another | ms p50 / p95 |");
        Line($"|---|---|");
        Line($"| nothing else runs | {alone} |");
        Line($"| a job runs | {beside}, {beside.P95 / alone.P95:0.00} times the p95 |");

        if (settings.Items > 0)
        {
            await SayAsync($"{settings.Items} items ...");
            var (rate, memory) = await MemoryWatch.WatchAsync(servers.Processes, BulkRun.MeasureAsync(servers, set, settings.Items, cancellationToken));
            Line($"");
            Line($"| memory over a job of {settings.Items} photos ({rate:0.0}/s), MB | after a quarter | at the end | most after the quarter |");
            Line($"|---|---|---|---|");
            foreach (var use in memory)
            {
                Line($"| {use.Process} | {use.Quarter:0} | {use.End:0} | {use.Most:0} |");
            }
        }

        await SayAsync("Encoder against a raw loop ...");
        await servers.StopAsync();
        var crop = new byte[AlignedCrop.Bytes];
        new Random(2).NextBytes(crop);
        var before = EncoderRace.Raw(settings.Models, settings.StageTime);
        var service = await EncoderRace.ServiceAsync(servers, crop, settings.Crops, cancellationToken);
        var after = EncoderRace.Raw(settings.Models, settings.StageTime);
        var raw = (before + after) / 2;
        Line($"");
        Line($"| encoder, one session, batches of {EncoderRace.Batch} | faces/s |");
        Line($"|---|---|");
        Line($"| a loop that only runs the network, before and after | {before:0.0}, {after:0.0} |");
        Line($"| the service, queue to queue, {settings.Crops} crops | **{service:0.0}**, {100 * service / raw:0} % |");

        await SayAsync("Broker ...");
        var broker = await BrokerRate.MeasureAsync(servers.Broker, EncoderRace.Message(crop), settings.StageTime, cancellationToken);
        Line($"");
        Line($"| broker alone | |");
        Line($"|---|---|");
        Line($"| EncodeFace messages/s through a quorum queue, confirmed and acknowledged | **{broker:0}** |");
        Line($"| of the photos/s above (each is one such message and three small ones) | {broker / best:0} times |");
        return text.ToString();

        // Shown as it comes: the whole takes a quarter of an hour.
        void Line(FormattableString line)
        {
            text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
            Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static Task SayAsync(string what) => Console.Error.WriteLineAsync(what);
}
