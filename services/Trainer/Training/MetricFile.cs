using System.Globalization;

namespace FaceCloud.Trainer.Training;

/// <summary>A CSV that grows by a row at a time; the first column is the step. Resuming drops the rows the lost steps had written.</summary>
public sealed class MetricFile
{
    private readonly string _path;

    public MetricFile(string path, string header, long resumeAt)
    {
        _path = path;
        var kept = File.Exists(path)
            ? File.ReadLines(path).Skip(1).Where(line => long.TryParse(line.Split(',')[0], out var step) && step <= resumeAt)
            : [];
        File.WriteAllLines(path, [header, .. kept.ToList()]);
    }

    public void Add(params ReadOnlySpan<double> row)
    {
        var fields = new string[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            fields[i] = row[i].ToString("0.######", CultureInfo.InvariantCulture);
        }

        File.AppendAllLines(_path, [string.Join(',', fields)]);
    }
}
