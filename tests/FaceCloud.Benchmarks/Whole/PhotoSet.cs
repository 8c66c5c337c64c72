namespace FaceCloud.Benchmarks.Whole;

/// <summary>Photos in memory, by person: no disk is measured.</summary>
internal sealed record PhotoSet(IReadOnlyList<(string Person, byte[] Photo)> Photos)
{
    public static PhotoSet Read(string folder, int atMost)
    {
        var photos = Directory.EnumerateDirectories(folder)
            .Order(StringComparer.Ordinal)
            .SelectMany(person => Directory.EnumerateFiles(person).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(person), File.ReadAllBytes(file))))
            .Take(atMost)
            .ToArray();
        return photos.Length > 0 ? new PhotoSet(photos) : throw new InvalidOperationException($"'{folder}' has no folders with photos.");
    }
}
