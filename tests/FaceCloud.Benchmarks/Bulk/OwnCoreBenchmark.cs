using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FaceCloud.Benchmarks.Whole;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>
/// Bulk enrolment when its slowest stage is the encoder, on a core of its own, as on a machine of its own: how much of the time is it kept busy?
/// The rest of the system has the cores that this process may use (<c>taskset</c>).
/// </summary>
internal static class OwnCoreBenchmark
{
    // Until the runtime has compiled what runs often.
    private const int WarmUp = 800;

    public static async Task<string> RunAsync(BulkSettings settings, PhotoSet set, string command, int core, CancellationToken cancellationToken)
    {
        using var folder = new OwnFolder("heavy");
        HeavyEncoder.WriteFolder(folder.Path, settings.Models);

        var before = await AloneAsync();
        await Console.Error.WriteLineAsync(FormattableString.Invariant($"{before:0.0} faces/s, the network alone ..."));
        var other = Enumerable.Range(0, core + 2).First(number => number != core);
        var neighbours = await Task.WhenAll(OneCore.RunAsync(core, Raw), OneCore.RunAsync(other, Raw));
        await Console.Error.WriteLineAsync(FormattableString.Invariant($"{neighbours[0]:0.0} faces/s beside a busy core ..."));
        double rate;
        IReadOnlyDictionary<string, double> milliseconds;
        await using (var servers = await SeparateServers.StartAsync(folder.Path, cancellationToken))
        {
            servers.EncoderCore = core;
            await servers.UseAsync(1, cancellationToken);
            await BulkRun.MeasureAsync(servers, set, WarmUp, cancellationToken);
            (rate, milliseconds) = await ProcessorTime.OfAsync(
                servers, settings.Photos, () => BulkRun.MeasureAsync(servers, set, settings.Photos, cancellationToken));
        }

        var after = await AloneAsync();
        var alone = (before + after) / 2;

        var text = new StringBuilder();
        Line($"# Bulk enrolment, the encoder on a core of its own");
        Line($"");
        Line($"* Machine: {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; one core for the encoder, {Environment.ProcessorCount} for everything else");
        Line($"* Command: `{command}`");
        Line($"* The encoder is an untrained one with the cost of a ResNet-34; every photo has a face.");
        Line($"");
        Line($"| | a second |");
        Line($"|---|---|");
        Line($"| a loop that only runs the network on one core, before and after | {before:0.0}, {after:0.0} faces |");
        Line($"| the same while another such loop keeps the other core busy | {neighbours[0]:0.0} faces |");
        Line($"| photos from the first sent to the last outcome, {settings.Photos} | **{rate:0.0}**, {100 * rate / alone:0} % of the first, {100 * rate / neighbours[0]:0} % of the second |");
        Line($"");
        Line($"Processor ms a photo: {string.Join(", ", milliseconds.Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.Key} {process.Value:0.0}")))}.");
        return text.ToString();

        double Raw() => EncoderRace.Raw(folder.Path, settings.StageTime);

        Task<double> AloneAsync() => OneCore.RunAsync(core, Raw);

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
