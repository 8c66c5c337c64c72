namespace FaceCloud.Benchmarks.Whole;

/// <summary>Raw stages first, alone on the machine; then the system made of them.</summary>
internal static class SystemBenchmark
{
    public static async Task<string> RunAsync(SystemSettings settings, PhotoSet set, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync("Raw stages ...");
        string models;
        IReadOnlyList<StageResult> results;
        Percentiles sum;
        using (var stages = new Stages(settings.Models))
        {
            models = stages.Models;
            (results, sum) = await RawStages.MeasureAsync(stages, set, settings.StageTime);
        }

        await using var server = await StandaloneServer.StartAsync(settings.Models, cancellationToken);
        await Console.Error.WriteLineAsync("Bulk path ...");
        var bulk = await BulkPath.MeasureAsync(server, set, settings.Rounds, cancellationToken);
        await Console.Error.WriteLineAsync("Verify ...");
        var verify = await VerifyPath.MeasureAsync(server, set, settings.Verifications, cancellationToken);

        return SystemReport.Write(settings, models, results, sum, bulk, verify);
    }
}
