using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Samples;

/// <summary>Who is who: <c>manifest.csv</c> with a line a picture, <c>path,persons</c>; persons from left to right, parted by semicolons.</summary>
public static class SampleManifest
{
    public const string FileName = "manifest.csv";

    private const string Header = "path,persons";

    public static string Write(IEnumerable<SamplePhoto> photos) =>
        string.Concat(photos.Select(p => $"{p.Path},{string.Join(';', p.Persons)}\n").Prepend(Header + "\n"));

    public static IReadOnlyList<(string Path, string[] Persons)> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var lines = File.Exists(path) ? File.ReadAllLines(path) : throw new TrainerException($"{folder} holds no {FileName}, so it is no folder of sample people.");
        if (lines is not [Header, ..])
        {
            throw new TrainerException($"{path} does not begin with '{Header}'.");
        }

        return [.. lines.Skip(1).Select(line => line.Split(',') is [var photo, var persons]
            ? (photo, persons.Split(';'))
            : throw new TrainerException($"{path}: '{line}' is no path and persons."))];
    }
}
