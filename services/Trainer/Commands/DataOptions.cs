using System.CommandLine;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Commands;

/// <summary>The options that name photos, shared by the verbs.</summary>
public static class DataOptions
{
    public static Option<string> Data() => new("--data")
    {
        Description = "Folder of crop shards (with index.csv), or a folder per person of aligned photos.",
        Required = true,
    };

    public static Option<string> Cache() => new("--cache")
    {
        Description = "Where decoded photos are kept, 43 KB each.",
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "facecloud-trainer"),
    };

    public static IFaceSource Open(string folder)
    {
        if (File.Exists(Path.Combine(folder, "index.csv")))
        {
            return new CropShards(folder);
        }

        var folders = new PersonFolders(folder, holdOutEvery: 10);
        if (folders.EmptyPersons.Count > 0)
        {
            Console.Error.WriteLine($"{folders.EmptyPersons.Count} folders hold no photo and are left out: {string.Join(", ", folders.EmptyPersons.Take(5))}…");
        }

        return folders;
    }

    public static PixelCache OpenPixels(IFaceSource source, string folder, CancellationToken cancellationToken)
    {
        var cache = PixelCache.Open(source, folder, new Progress<int>(done =>
        {
            if (done % 5000 == 0)
            {
                Console.WriteLine($"decoded {done} of {source.Faces.Count} photos");
            }
        }), cancellationToken);
        if (cache.Damaged.Count > 0)
        {
            Console.Error.WriteLine($"{cache.Damaged.Count} photos cannot be read and are left out: {string.Join(", ", cache.Damaged.Order().Take(5).Select(row => source.Faces[row].Name))}…");
        }

        return cache;
    }
}
