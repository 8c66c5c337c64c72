using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Calibration;

/// <summary>
/// One encoder of a <c>models.json</c>, whose calibration or head is to be written. Only the characters of that value are replaced, so comments,
/// order and layout of the rest stay; the new file is written beside the old one, read back, and only then renamed over it.
/// </summary>
public sealed class ManifestEntry
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        // A file for people, never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Stands in for a calibration that is to be measured: a manifest without one is refused.
    private static readonly Inference.Models.Calibration NotYet = new("Not yet measured.", [new(0.5, 0), new(0.1, 0.5f)]);

    private readonly string _path;
    private readonly string _name;

    private ManifestEntry(string path, string name, ModelEntry entry) => (_path, _name, Entry) = (path, name, entry);

    public ModelEntry Entry { get; }

    /// <summary>Finds the entry and tries out that the file can be written, before hours of work depend on it.</summary>
    /// <exception cref="TrainerException">No such file or entry, a wrong manifest, or one that cannot be written.</exception>
    public static ManifestEntry Open(string path, string name)
    {
        var text = Read(path);
        var manifest = Check(path, Uncalibrated(path, text, name) ? Replace(path, text, name, "calibration", NotYet) : text);
        return new ManifestEntry(path, name, manifest.Models.Single(model => model.Name == name));
    }

    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, Json);

    /// <exception cref="TrainerException">The file could not be written; it is as it was, and the sentence holds what should have gone in.</exception>
    public void Write(Inference.Models.Calibration calibration) => Write("calibration", calibration);

    /// <inheritdoc cref="Write(Inference.Models.Calibration)"/>
    public void Write(VerifierHead head) => Write("head", head);

    private static string Read(string path)
    {
        try
        {
            if (File.Exists(path) && new FileInfo(path).IsReadOnly)
            {
                throw new TrainerException($"The manifest {path} is read-only; make it writable, or leave --manifest out and copy the numbers from the output.");
            }

            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"The manifest {path} cannot be read: {e.Message}", e);
        }
    }

    private void Write<T>(string property, T value)
    {
        try
        {
            // Read anew: somebody may have edited it meanwhile.
            var text = Replace(_path, Read(_path), _name, property, value);
            Check(_path, text, replace: true);
        }
        catch (TrainerException e)
        {
            throw new TrainerException($"{e.Message}\nThe manifest is as it was; this should have gone into it as \"{property}\":\n{ToJson(value)}", e);
        }
    }

    /// <summary>Writes the text beside the manifest and reads it back; renames it where it is to replace the manifest.</summary>
    private static ModelManifest Check(string path, string text, bool replace = false)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            var manifest = ModelManifest.Load(temporary);
            if (replace)
            {
                File.Move(temporary, path, overwrite: true);
            }

            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"The folder of the manifest {path} cannot be written to: {e.Message}", e);
        }
        catch (ModelException e)
        {
            throw new TrainerException(e.Message.Replace(temporary, path, StringComparison.Ordinal), e);
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }

    private static bool Uncalibrated(string path, string text, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Find(path, bytes, name, "calibration").Value is not { } value || bytes.AsSpan(value.From, value.To - value.From).SequenceEqual("null"u8);
    }

    private static string Replace<T>(string path, string text, string name, string property, T value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (old, end, indent) = Find(path, bytes, name, property);
        var json = ToJson(value).ReplaceLineEndings("\n" + new string(' ', indent));
        var inserted = old is null ? $",\n{new string(' ', indent)}\"{property}\": {json}" : json;
        var (from, to) = old ?? (end, end);
        return Encoding.UTF8.GetString([.. bytes[..from], .. Encoding.UTF8.GetBytes(inserted), .. bytes[to..]]);
    }

    /// <summary>
    /// Where the property's value stands in the entry (null where there is none), where the entry's last value ends, and how far its properties
    /// are indented.
    /// </summary>
    private static ((int From, int To)? Value, int End, int Indent) Find(string path, byte[] json, string name, string property)
    {
        var names = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var inModels = false;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    inModels = reader.ValueTextEquals("models");
                }
                else if (inModels && reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 2)
                {
                    var (found, encoder, value, end, indent) = ReadEntry(ref reader, json, property);
                    if (found == name && encoder)
                    {
                        return (value, end, indent);
                    }

                    names.AddRange(encoder ? [found] : []);
                }
            }
        }
        catch (JsonException e)
        {
            throw new TrainerException($"The manifest {path} is wrong: {e.Message}", e);
        }

        throw NoSuchEntry(path, name, names);
    }

    private static (string Name, bool Encoder, (int From, int To)? Value, int End, int Indent) ReadEntry(ref Utf8JsonReader reader, byte[] json, string property)
    {
        var (name, encoder, value, end, indent) = ("", false, ((int, int)?)null, (int)reader.BytesConsumed, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            var start = (int)reader.TokenStartIndex;
            indent = json.AsSpan(0, start).Length - json.AsSpan(0, start).TrimEnd((byte)' ').Length;
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            if (key == "name" && reader.TokenType == JsonTokenType.String)
            {
                name = reader.GetString()!;
            }

            encoder |= key == "kind" && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("encoder");
            reader.Skip();
            end = (int)reader.BytesConsumed;
            if (key == property)
            {
                value = (from, end);
            }
        }

        return (name, encoder, value, end, indent);
    }

    private static TrainerException NoSuchEntry(string path, string name, IEnumerable<string> names) =>
        new($"The manifest {path} has no encoder '{name}'; it has: {string.Join(", ", names.DefaultIfEmpty("none"))}. Name one with --name, or add it first.");
}
