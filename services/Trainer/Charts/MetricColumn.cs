using System.Globalization;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Charts;

/// <summary>Reads one column of a run's CSV as a line over its first column.</summary>
public static class MetricColumn
{
    public static ChartSeries Read(string path, string column, string name)
    {
        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no file {path}; a run writes it while it trains.");
        }

        var lines = File.ReadAllLines(path);
        var header = lines.Length == 0 ? [] : lines[0].Split(',');
        var place = Array.IndexOf(header, column);
        if (place < 0)
        {
            throw new TrainerException($"{path} has no column '{column}'; it has {string.Join(", ", header)}.");
        }

        return new ChartSeries(name, [.. lines.Skip(1).Select(line => line.Split(',')).Select(fields => (Number(fields[0]), Number(fields[place])))]);
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
