using System.Text.Json;
using System.Text.Json.Serialization;
using FaceCloud.ServiceDefaults.Storage;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Which index is in use, and which one is being moved to. A switch at run time is kept in a small file of the storage folder,
/// since a process cannot change its own settings; the file holds until the setting <c>Index:Kind</c> is another one than it was
/// when the switch was made, so that the last word is the operator's.
/// </summary>
public sealed class IndexSelection
{
    public const string FileName = "index.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly string _file;
    private readonly IndexKind _setting;
    private readonly Lock _lock = new();
    private Choice _choice;

    /// <exception cref="InvalidOperationException">The file is there but cannot be read.</exception>
    public IndexSelection(IOptions<IndexOptions> options, IOptions<StorageOptions> storage)
    {
        _file = Path.Combine(Path.GetFullPath(storage.Value.Directory), FileName);
        _setting = options.Value.Kind;
        _choice = Read() is { } choice && choice.Setting == _setting ? choice : new Choice(_setting, null, _setting);
    }

    public IndexKind Kind => _choice.Kind;

    /// <summary>Set while an index is filled beside the one in use; the same kind is a rebuild.</summary>
    public IndexKind? MovingTo => _choice.MovingTo;

    public bool Uses(IndexKind kind) => _choice.Kind == kind || _choice.MovingTo == kind;

    public void Begin(IndexKind target) => Write(choice => choice with { MovingTo = target });

    public void Complete() => Write(choice => choice with { Kind = choice.MovingTo ?? choice.Kind, MovingTo = null });

    public void GiveUp() => Write(choice => choice with { MovingTo = null });

    private Choice? Read()
    {
        if (!File.Exists(_file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Choice>(File.ReadAllText(_file), Json) is { } choice && Enum.IsDefined(choice.Kind)
                ? choice
                : throw new JsonException("It names no index.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException(
                $"The file '{_file}' says which index was switched to, but cannot be read. Delete it to use the setting Index:Kind ({_setting}); the index itself is filled from the store.", exception);
        }
    }

    // Whole or not at all: the old file is there until the new one is.
    private void Write(Func<Choice, Choice> change)
    {
        lock (_lock)
        {
            var choice = change(_choice);
            if (choice.Kind == _setting && choice.MovingTo is null)
            {
                File.Delete(_file);
            }
            else
            {
                var next = _file + ".new";
                File.WriteAllText(next, JsonSerializer.Serialize(choice, Json));
                File.Move(next, _file, overwrite: true);
            }

            _choice = choice;
        }
    }

    private sealed record Choice(IndexKind Kind, IndexKind? MovingTo, IndexKind Setting);
}
