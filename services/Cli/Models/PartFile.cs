using System.Net.Http.Headers;
using System.Text.Json;

namespace FaceCloud.Cli.Models;

/// <summary>What came of a download so far, and beside it the words by which the server knows whether it still has the same file.</summary>
internal sealed class PartFile(string path)
{
    private readonly string _statePath = path + ".json";

    public string Path { get; } = path;

    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>By what this file can be continued from that address; null when it cannot, and then it is gone.</summary>
    public RangeConditionHeaderValue? Condition(Uri url)
    {
        var state = Length > 0 && File.Exists(_statePath) ? Read() : null;
        var condition = state switch
        {
            { ETag: { } tag } when state.Url == url.AbsoluteUri => new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(tag)),
            { LastModified: { } time } when state.Url == url.AbsoluteUri => new RangeConditionHeaderValue(time),
            _ => null,
        };
        if (condition is null)
        {
            Delete();
        }

        return condition;
    }

    /// <summary>Remembers what the server says of the file. A weak tag does not promise the same bytes.</summary>
    public void Remember(Uri url, HttpResponseMessage response)
    {
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.ToString() : null;
        var state = new State(url.AbsoluteUri, tag, response.Content.Headers.LastModified);
        if (tag is null && state.LastModified is null)
        {
            Forget();
        }
        else
        {
            File.WriteAllText(_statePath, JsonSerializer.Serialize(state));
        }
    }

    public FileStream Open(bool goOn)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        return new FileStream(Path, goOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    public void Delete()
    {
        Remove(Path);
        Forget();
    }

    /// <summary>The file stays, or has moved on; it is no part any more.</summary>
    public void Forget() => Remove(_statePath);

    // A folder that is not there is no failure here.
    private static void Remove(string file)
    {
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    // A state file that was cut off is no state.
    private State? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<State>(File.ReadAllText(_statePath));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record State(string Url, string? ETag, DateTimeOffset? LastModified);
}
