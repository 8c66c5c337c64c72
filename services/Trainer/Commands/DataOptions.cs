using System.CommandLine;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Evaluation;

namespace FaceCloud.Trainer.Commands;

/// <summary>The options that name photos, shared by the verbs.</summary>
public static class DataOptions
{
    public static Option<string> Data() => new("--data")
    {
        Description = "Folder of crop shards (with index.csv), or a folder per person of photos.",
        Required = true,
    };

    public static Option<string> Cache() => new("--cache")
    {
        Description = "Where decoded photos are kept, 43 KB each.",
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "facecloud-trainer"),
    };

    public static Option<string?> Models() => new("--models")
    {
        Description = "Folder with a detector: the faces in folders of persons are found and aligned first. Without it the photos are taken for aligned crops.",
    };

    /// <summary>Null where nothing is to be found.</summary>
    public static FaceFinder? Finder(string? models) => models is null ? null : new FaceFinder(models);

    public static Option<string?> Pairs() => new("--pairs")
    {
        Description = "CSV a,b,same of labelled pairs. [default: pairs_val.csv in the data folder; without one, pairs are drawn from the persons held out]",
    };

    /// <summary>The pairs to score on; null where nobody is held out.</summary>
    public static VerificationPairs? OpenPairs(string? path, string folder, IFaceSource source, IReadOnlySet<int> damaged)
    {
        var usual = Path.Combine(folder, "pairs_val.csv");
        var pairs = path is not null || File.Exists(usual)
            ? VerificationPairs.Load(path ?? usual, source)
            : VerificationPairs.Draw(source, most: 3000, seed: 1);
        return pairs?.Without(damaged) is { Pairs.Count: > 0 } usable && usable.Pairs.Any(p => p.Same) && usable.Pairs.Any(p => !p.Same) ? usable : null;
    }

    public static IFaceSource Open(string folder, FaceFinder? finder, TextWriter error)
    {
        if (File.Exists(Path.Combine(folder, "index.csv")))
        {
            return new CropShards(folder);
        }

        var folders = new PersonFolders(folder, holdOutEvery: 10, finder);
        if (folders.EmptyPersons.Count > 0)
        {
            error.WriteLine($"{folders.EmptyPersons.Count} folders hold no photo and are left out: {Some(folders.EmptyPersons)}.");
        }

        return folders;
    }

    public static PixelCache OpenPixels(IFaceSource source, string folder, TextWriter error, CancellationToken cancellationToken)
    {
        var cache = PixelCache.Open(source, folder, new DecodingProgress(source.Faces.Count, error), cancellationToken);
        if (cache.Damaged.Count > 0)
        {
            error.WriteLine($"{cache.Damaged.Count} photos cannot be read or show no face and are left out: {Some([.. cache.Damaged.Order().Select(row => source.Faces[row].Name)])}.");
        }

        return cache;
    }

    /// <summary>An option that takes <paramref name="least"/> or more.</summary>
    public static Option<int> AtLeast(this Option<int> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least)
            {
                result.AddError($"{option.Name} must be {least} or more.");
            }
        });
        return option;
    }

    /// <summary>An option that takes <paramref name="most"/> or less.</summary>
    public static Option<int> AtMost(this Option<int> option, int most)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() > most)
            {
                result.AddError($"{option.Name} must be {most} or less.");
            }
        });
        return option;
    }

    /// <summary>An option that takes 0 or more.</summary>
    public static Option<double> NotNegative(this Option<double> option)
    {
        option.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() >= 0))
            {
                result.AddError($"{option.Name} must be 0 or more.");
            }
        });
        return option;
    }

    /// <summary>An option that takes 0 to 1.</summary>
    public static Option<double> Share(this Option<double> option)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            {
                result.AddError($"{option.Name} must lie between 0 and 1.");
            }
        });
        return option;
    }

    internal static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(5)) + (names.Count > 5 ? " and others" : "");

    private sealed class DecodingProgress(int all, TextWriter error) : IProgress<int>
    {
        private const int Every = 5000;

        public void Report(int value)
        {
            if (value % Every == 0)
            {
                error.WriteLine($"decoded {value} of {all} photos");
            }
        }
    }
}
