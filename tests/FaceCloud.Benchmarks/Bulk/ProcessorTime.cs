using System.Globalization;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>Processor time of processes with all their descendants, from /proc; zero where there is none.</summary>
internal static class ProcessorTime
{
    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Seconds of processor since the start, of each name.</summary>
    public static IReadOnlyDictionary<string, double> Seconds(ILookup<string, int> processes)
    {
        var all = Read();
        var children = all.ToLookup(process => process.Value.Parent, process => process.Key);
        return processes.ToDictionary(group => group.Key, group => group.Sum(id => Tree(id)) / TicksPerSecond);

        // A child of the benchmark is a process of its own.
        long Tree(int id) => !all.TryGetValue(id, out var process)
            ? 0
            : process.Ticks + (id == Environment.ProcessId ? 0 : children[id].Sum(Tree));
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
            var ended = Path.GetFileName(folder) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? 0 : 2;
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..(13 + ended)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }
    }
}
