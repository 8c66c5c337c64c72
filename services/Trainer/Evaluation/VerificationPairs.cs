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

    /// <summary>
    /// Pairs of the validation persons' photos: every pair of one person and as many of two, at most <paramref name="most"/> of each.
    /// Null where there are not two such persons, or none with two photos.
    /// </summary>
    public static VerificationPairs? Draw(IFaceSource source, int most, int seed)
    {
        var persons = source.Faces
            .Select((face, row) => (face, row))
            .Where(p => p.face.Split == FaceSplit.Validation && p.face.Identity is not null)
            .GroupBy(p => p.face.Identity!, p => p.row)
            .Select(g => g.ToArray())
            .ToArray();
        var same = persons.SelectMany(rows => rows.SelectMany((a, i) => rows.Skip(i + 1).Select(b => (a, b, true)))).ToArray();
        if (persons.Length < 2 || same.Length == 0)
        {
            return null;
        }

        var random = new Random(seed);
        random.Shuffle(same);
        same = same[..Math.Min(most, same.Length)];
        var different = same.Select(_ =>
        {
            var first = random.Next(persons.Length);
            // Any other person: skip over the first one.
            var second = random.Next(persons.Length - 1);
            second += second >= first ? 1 : 0;
            return (persons[first][random.Next(persons[first].Length)], persons[second][random.Next(persons[second].Length)], false);
        });
        return new VerificationPairs([.. same, .. different]);
    }

    /// <summary>The pairs whose photos can both be read.</summary>
    public VerificationPairs Without(IReadOnlySet<int> damaged) =>
        damaged.Count == 0 ? this : new([.. Pairs.Where(p => !damaged.Contains(p.First) && !damaged.Contains(p.Second))]);
}
