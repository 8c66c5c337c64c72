using System.Globalization;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>Processor time of processes with all their descendants, from /proc; zero where there is none.</summary>
internal static class ProcessorTime
{
    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>One job, and the milliseconds of processor that each of the processes took a photo.</summary>
    public static async Task<(double Rate, IReadOnlyDictionary<string, double> Milliseconds)> OfAsync(SeparateServers servers, int photos, Func<Task<double>> job)
    {
        var started = Seconds(servers.ProcessIds);
        var rate = await job();
        var ended = Seconds(servers.ProcessIds);
        return (rate, ended.ToDictionary(process => process.Key, process => 1000 * (process.Value - started[process.Key]) / photos));
    }

    private static Dictionary<string, double> Seconds(ILookup<string, int> processes)
    {
        var all = Read();
        var children = all.ToLookup(process => process.Value.Parent, process => process.Key);
        return processes.ToDictionary(
            group => group.Key,
            // What this process started are processes of their own.
            group => group.Sum(id => id == Environment.ProcessId ? Environment.CpuUsage.TotalTime.TotalSeconds : Tree(id) / TicksPerSecond));

        long Tree(int id) => all.TryGetValue(id, out var process) ? process.Ticks + children[id].Sum(Tree) : 0;
    }

    private static Dictionary<int, (int Parent, long Ticks)> Read()
    {
        var found = new Dictionary<int, (int, long)>();
        if (!Directory.Exists("/proc/self"))
        {
            return found;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Stat(folder) is { } stat)
            {
                found.Add(id, stat);
            }
        }

        return found;
    }

    // proc(5), stat: behind the name in brackets parent is field 4; utime and stime are 14 and 15, those of children that ended 16 and 17.
    private static (int Parent, long Ticks)? Stat(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }
    }
}
