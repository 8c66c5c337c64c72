using System.Text;
using System.Text.Json;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Samples;

/// <summary>
/// What became of each candidate so far, a line each, so that an interrupted search goes on where it stopped and ends in the same pictures.
/// A person's line is written after the person's pictures.
/// </summary>
public sealed class SampleProgress
{
    public const string FileName = "progress.jsonl";

    private readonly string _path;
    private readonly Dictionary<int, Tried> _tried = [];

    private SampleProgress(string path) => _path = path;

    /// <summary>Candidates decided on.</summary>
    public int Count => _tried.Count;

    /// <summary>Opens what a folder's interrupted search left, or begins.</summary>
    /// <param name="folder">Of the pictures.</param>
    /// <param name="settings">Everything that the pictures depend on.</param>
    /// <exception cref="TrainerException">The search there had other settings, or its file was changed by something else.</exception>
    public static SampleProgress Open(string folder, string settings)
    {
        var progress = new SampleProgress(Path.Combine(folder, FileName));
        var text = File.Exists(progress._path) ? File.ReadAllText(progress._path) : "";

        // What was cut off in the middle of a line had not been decided.
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        if (whole.Length == 0)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(progress._path, JsonSerializer.Serialize(settings) + "\n");
            return progress;
        }

        try
        {
            var lines = whole.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (JsonSerializer.Deserialize<string>(lines[0]) != settings)
            {
                throw new TrainerException($"{progress._path} belongs to a search with other settings or models; repeat those, or name an empty folder.");
            }

            foreach (var line in lines.Skip(1))
            {
                var tried = JsonSerializer.Deserialize<Tried>(line)!;
                progress._tried[tried.Candidate] = tried;
            }
        }
        catch (JsonException e)
        {
            throw new TrainerException($"{progress._path} is damaged ({e.Message}); name an empty folder.", e);
        }

        if (whole.Length < text.Length)
        {
            File.WriteAllText(progress._path, whole);
        }

        return progress;
    }

    /// <summary>Null where the candidate has not been decided on.</summary>
    public Tried? Find(int candidate) => _tried.GetValueOrDefault(candidate);

    public void Add(Tried tried)
    {
        _tried.Add(tried.Candidate, tried);
        using var stream = new FileStream(_path, FileMode.Append, FileAccess.Write);
        stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(tried) + "\n"));
        stream.Flush(flushToDisk: true);
    }

    /// <summary>All is done: nothing is to be gone on with.</summary>
    public void Delete() => File.Delete(_path);

    /// <summary>A candidate decided on, or a group.</summary>
    /// <param name="Candidate">Key of its try; −1 − n for group n.</param>
    /// <param name="Name">Of the person it became, for a group those of its persons from left to right; null where it was given up.</param>
    /// <param name="Place">Where the search for the person led, also where it was given up.</param>
    public sealed record Tried(int Candidate, string? Name, float[]? Place);
}
