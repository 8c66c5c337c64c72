using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Evaluation;

/// <summary>Labelled pairs of photos: rows of a source, and whether both show one person.</summary>
public sealed record VerificationPairs(IReadOnlyList<(int First, int Second, bool Same)> Pairs)
{
    /// <summary>The rows that occur, each once, ascending.</summary>
    public int[] Rows { get; } = [.. Pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct().Order()];

    /// <summary>Reads <c>a,b,same</c> lines; a and b are names of the source, same is 0 or 1.</summary>
    public static VerificationPairs Load(string path, IFaceSource source)
    {
        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no file {path} with pairs to evaluate on; name it with --pairs.");
        }

        var rows = source.Faces.Select((f, row) => (f.Name, row)).ToDictionary(p => p.Name, p => p.row, StringComparer.Ordinal);
        var pairs = new List<(int First, int Second, bool Same)>();
        var number = 1;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            number++;
            if (line.Split(',') is not [var a, var b, "0" or "1"] fields || !rows.TryGetValue(a, out var first) || !rows.TryGetValue(b, out var second))
            {
                throw new TrainerException($"{path}, line {number}: expected a,b,same with two known photos and 0 or 1.");
            }

            pairs.Add((first, second, fields[2] == "1"));
        }

        return new VerificationPairs(pairs);
    }
}
