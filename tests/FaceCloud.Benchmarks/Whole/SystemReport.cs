using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceCloud.Benchmarks.Whole;

/// <summary>The result as markdown.</summary>
internal static class SystemReport
{
    public static string Write(
        SystemSettings settings, string models, IReadOnlyList<StageResult> stages, Percentiles sum, BulkResult bulk, VerifyResult verify)
    {
        var text = new StringBuilder();
        // Were nothing else done than the stages, and no core ever idle.
        var bound = 1 / stages.Sum(stage => 1 / stage.PerSecond);
        var slowest = stages.MinBy(stage => stage.PerSecond)!;

        Line(text, $"# The system against its raw stages");
        Line(text, $"");
        Line(text, $"* Machine: {Processor()}, {Environment.ProcessorCount} cores; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}");
        Line(text, $"* Models: {models}");
        Line(text, $"* Command: `dotnet run -c Release --project tests/FaceCloud.Benchmarks -- system --models … --photos … --count {settings.Photos} --verifications {settings.Verifications} --seconds {settings.StageTime.TotalSeconds:0} --rounds {settings.Rounds}`");
        Line(text, $"* Client and server share the machine; Standalone runs in a process of its own.");
        Line(text, $"");
        Line(text, $"| stage alone | one at a time, ms p50 / p95 | mean ms | all cores, photos/s |");
        Line(text, $"|---|---|---|---|");
        foreach (var stage in stages)
        {
            Line(text, $"| {stage.Name} | {stage.Single} | {stage.Single.Mean:0.00} | {stage.PerSecond:0.0} |");
        }

        Line(text, $"| all of a photo, one after another | {sum} | {sum.Mean:0.00} | bound {bound:0.0} |");
        Line(text, $"");
        Line(text, $"| bulk path | |");
        Line(text, $"|---|---|");
        Line(text, $"| photos/s, first sent to last outcome, {bulk.Sent} photos, {bulk.Enrolled} enrolled | **{bulk.PerSecond:0.0}** |");
        Line(text, $"| of the slowest stage alone ({slowest.Name}, {slowest.PerSecond:0.0}/s) | {100 * bulk.PerSecond / slowest.PerSecond:0} % |");
        Line(text, $"| of the bound: all stages share the cores ({bound:0.0}/s) | {100 * bulk.PerSecond / bound:0} % |");
        if (bulk.CoreMilliseconds is { } core)
        {
            Line(text, $"| processor time of the server, ms a photo | {core:0.0} |");
            Line(text, $"| cores of the server in use | {core * bulk.PerSecond / 1000:0.0} of {Environment.ProcessorCount} |");
        }

        Line(text, $"");
        Line(text, $"| Verify, {verify.Calls} calls one after another | ms p50 / p95 | of the sum of the stages |");
        Line(text, $"|---|---|---|");
        Line(text, $"| client | {verify.Client} | {verify.Client.P50 / sum.P50:0.00} / {verify.Client.P95 / sum.P95:0.00} |");
        Line(text, $"| server | {verify.Server} | {verify.Server.P50 / sum.P50:0.00} / {verify.Server.P95 / sum.P95:0.00} |");
        return text.ToString();
    }

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        var model = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
