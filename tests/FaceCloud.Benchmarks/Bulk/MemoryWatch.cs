using System.Diagnostics;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>Looks at the memory of all services while something runs.</summary>
internal static class MemoryWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Per process: MB at a quarter of the time, at the end, and the most after the quarter.</summary>
    public static async Task<(T Result, IReadOnlyList<MemoryUse> Uses)> WatchAsync<T>(IReadOnlyList<ServiceProcess> processes, Task<T> running)
    {
        var samples = new List<(TimeSpan At, double[] Megabytes)>();
        var clock = Stopwatch.StartNew();
        while (!running.IsCompleted)
        {
            samples.Add((clock.Elapsed, [.. processes.Select(process => process.ResidentMegabytes())]));
            await Task.WhenAny(running, Task.Delay(Every));
        }

        var result = await running;
        var warm = samples.FindIndex(sample => sample.At >= clock.Elapsed / 4);
        return (result, [.. processes.Select((process, i) => new MemoryUse(
            process.Name, samples[warm].Megabytes[i], samples[^1].Megabytes[i], samples.Skip(warm).Max(sample => sample.Megabytes[i])))]);
    }
}
