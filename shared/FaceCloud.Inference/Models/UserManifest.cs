using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaceCloud.Inference.Models;

/// <summary>
/// Changes the user's models.json: one writer at a time, written aside and moved into place, and everything in it that
/// is not changed stays. Only comments are lost.
/// </summary>
public static class UserManifest
{
    /// <summary>Adds the entry, or takes it for the one of the same name.</summary>
    /// <param name="path">Made when it is missing, with its folder.</param>
    /// <param name="entry">The model.</param>
    /// <param name="use">It becomes the one in use.</param>
    /// <exception cref="ModelException">The manifest is wrong and stays as it is, or cannot be written.</exception>
    public static void Put(string path, ModelEntry entry, bool use) => Change(path, document =>
    {
        var models = document["models"]!.AsArray();
        var written = ModelManifest.ToJson(entry);
        if (Index(models, entry.Name) is { } index)
        {
            // What others keep with the entry stays with it.
            foreach (var (name, value) in models[index]!.AsObject().Where(member => ModelManifest.IsForeign(member.Key)))
            {
                written[name] = value?.DeepClone();
            }

            models[index] = written;
        }
        else
        {
            models.Add(written);
        }

        if (use)
        {
            document[Choice(entry.Kind)] = entry.Name;
        }
    });

    /// <summary>Makes a model the one in use; it may be a shipped one.</summary>
    /// <inheritdoc cref="Put" path="/exception"/>
    public static void Use(string path, ModelKind kind, string name) => Change(path, document => document[Choice(kind)] = name);

    /// <summary>Takes an entry out; nothing where there is none.</summary>
    /// <inheritdoc cref="Put" path="/exception"/>
    public static void Remove(string path, string name) => Change(path, document =>
    {
        var models = document["models"]!.AsArray();
        if (Index(models, name) is { } index)
        {
            models.RemoveAt(index);
        }
    });

    private static string Choice(ModelKind kind) => kind == ModelKind.Detector ? "detector" : "encoder";

    private static int? Index(JsonArray models, string name)
    {
        for (var i = 0; i < models.Count; i++)
        {
            if ((string?)models[i]!["name"] == name)
            {
                return i;
            }
        }

        return null;
    }

    private static void Change(string path, Action<JsonObject> change)
    {
        var written = path + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var turn = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            var document = Load(path);
            change(document);
            ModelManifest.Read(document);
            using (var file = new FileStream(written, FileMode.Create, FileAccess.Write))
            {
                using var writer = new StreamWriter(file);
                writer.WriteLine(ModelManifest.Write(document));
                writer.Flush();
                file.Flush(flushToDisk: true);
            }

            File.Move(written, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model manifest '{path}' cannot be written, and is as it was: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is JsonException or ModelException)
        {
            throw new ModelException($"The model manifest '{path}' is wrong, and is as it was: {exception.Message}", exception);
        }
    }

    private static JsonObject Load(string path)
    {
        if (!File.Exists(path))
        {
            return new JsonObject { ["models"] = new JsonArray() };
        }

        var document = ModelManifest.Parse(File.ReadAllText(path));
        ModelManifest.Read(document);
        return document!.AsObject();
    }
}
