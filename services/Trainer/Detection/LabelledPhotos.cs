using System.Formats.Tar;
using System.Globalization;
using System.Numerics;
using System.Text;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// Photos with labelled faces: <c>labels.csv</c> (name,x,y,w,h, five points, a row a face), optionally <c>ignore.csv</c> (name,x,y,w,h:
/// neither face nor background for sure) and <c>photos.csv</c> (shard,name,source,width,height,faces,origin,…), which names tar files.
/// Without photos.csv the photos are the image files of the folder, named by their path in it; those without a label have no face.
/// </summary>
public sealed class LabelledPhotos
{
    private const int HoldOutEvery = 10;
    private const int LabelNumbers = 14;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp"];

    private readonly string _folder;
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);

    public LabelledPhotos(string folder)
    {
        _folder = folder;
        var (photosPath, labelsPath, ignorePath) = (Path.Combine(folder, "photos.csv"), Path.Combine(folder, "labels.csv"), Path.Combine(folder, "ignore.csv"));
        if (!File.Exists(labelsPath))
        {
            throw new TrainerException($"{folder} holds no labels.csv (name,x,y,w,h, then x and y of both eyes, nose and both mouth corners; a row a face), so a detector cannot learn from it.");
        }

        var named = File.Exists(photosPath) ? ReadIndex(photosPath) : FindFiles(folder);
        if (named.Count == 0)
        {
            throw new TrainerException($"{folder} holds no photos: neither does photos.csv name any nor are there JPEG, PNG or WebP files.");
        }

        for (var i = 0; i < named.Count; i++)
        {
            _rows.Add(named[i].Name, i);
        }

        var faces = named.ConvertAll(_ => new List<LabelledFace>());
        foreach (var (row, numbers) in ReadRows(labelsPath, LabelNumbers))
        {
            faces[row].Add(new LabelledFace(Box(numbers), Landmarks(numbers)));
        }

        var unsure = named.ConvertAll(_ => new List<FaceBox>());
        foreach (var (row, numbers) in File.Exists(ignorePath) ? ReadRows(ignorePath, 4) : [])
        {
            unsure[row].Add(Box(numbers));
        }

        Photos = [.. named.Select((photo, i) => new LabelledPhoto(photo.Name, photo.Shard, faces[i], unsure[i], IsHeldOut(photo.Origin)))];
        if (Photos.All(photo => photo.Faces.Count == 0))
        {
            throw new TrainerException($"{labelsPath} names no face, so there is nothing to learn.");
        }

        var files = Photos.Select(photo => photo.Shard ?? photo.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Fingerprint = PhotoFingerprint.Of(folder, [photosPath, labelsPath, ignorePath, .. files.Select(file => Path.Combine(folder, file))]);
    }

    public IReadOnlyList<LabelledPhoto> Photos { get; }

    /// <summary>Names photos and labels by their content.</summary>
    public string Fingerprint { get; }

    /// <summary>The files of the given photos, in the order they lie in. A photo whose file or entry is missing does not come.</summary>
    /// <param name="wanted">Rows of <see cref="Photos"/>.</param>
    public IEnumerable<(int Row, byte[] Photo)> Read(IReadOnlySet<int> wanted)
    {
        foreach (var row in wanted.Where(row => Photos[row].Shard is null).Order())
        {
            var path = Path.Combine(_folder, Photos[row].Name);
            if (File.Exists(path))
            {
                yield return (row, File.ReadAllBytes(path));
            }
        }

        foreach (var shard in wanted.Select(row => Photos[row].Shard).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            foreach (var entry in ReadShard(shard))
            {
                if (_rows.TryGetValue(entry.Name, out var row) && wanted.Contains(row) && Photos[row].Shard == shard)
                {
                    yield return (row, entry.Photo);
                }
            }
        }
    }

    private IEnumerable<(string Name, byte[] Photo)> ReadShard(string shard)
    {
        var path = Path.Combine(_folder, shard);
        if (!File.Exists(path))
        {
            throw new TrainerException($"{_folder} lacks the file {shard} that its photos.csv names.");
        }

        using var stream = File.OpenRead(path);
        using var tar = new TarReader(stream);
        while (Next(tar, path) is { } entry)
        {
            yield return entry;
        }
    }

    private static (string Name, byte[] Photo)? Next(TarReader tar, string path)
    {
        try
        {
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is not null)
                {
                    var photo = new byte[entry.Length];
                    entry.DataStream.ReadExactly(photo);
                    return (entry.Name, photo);
                }
            }

            return null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new TrainerException($"{path} is cut off or no tar file: {e.Message}", e);
        }
    }

    /// <summary>Photos of one origin stay on one side, on every machine the same.</summary>
    private static bool IsHeldOut(string origin)
    {
        // FNV-1a (Fowler, Noll, Vo), then mixed once more: its lowest bits alone are poor.
        var hash = 2166136261;
        foreach (var value in Encoding.UTF8.GetBytes(origin))
        {
            hash = (hash ^ value) * 16777619;
        }

        hash = (hash ^ (hash >> 15)) * 0x2C1B3C6D;
        return ((hash ^ (hash >> 12)) >> 4) % HoldOutEvery == 0;
    }

    private static List<(string Name, string? Shard, string Origin)> ReadIndex(string path)
    {
        var photos = new List<(string Name, string? Shard, string Origin)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var fields = line.Split(',');
            if (fields.Length < 2 || fields[1].Length == 0 || !seen.Add(fields[1]))
            {
                throw new TrainerException($"{path}, line {photos.Count + 2}: expected shard,name,source,width,height,faces,origin with a name not seen before.");
            }

            var origin = fields.Length > 6 && fields[6].Length > 0 ? fields[6] : fields[1];
            photos.Add((fields[1], fields[0].Length == 0 ? null : fields[0], origin));
        }

        return photos;
    }

    private static List<(string Name, string? Shard, string Origin)> FindFiles(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)
            .Select(name => (name, (string?)null, name))];

    private IEnumerable<(int Row, float[] Numbers)> ReadRows(string path, int count)
    {
        var number = 1;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            number++;
            var fields = line.Split(',');
            if (!_rows.TryGetValue(fields[0], out var row))
            {
                throw new TrainerException($"{path}, line {number}: there is no photo '{fields[0]}'.");
            }

            var numbers = new float[count];
            var readable = fields.Length > count;
            for (var i = 0; i < count && readable; i++)
            {
                readable = float.TryParse(fields[i + 1], CultureInfo.InvariantCulture, out numbers[i]) && float.IsFinite(numbers[i]);
            }

            if (!readable || numbers[2] <= 0 || numbers[3] <= 0)
            {
                throw new TrainerException($"{path}, line {number}: expected a name and {count} numbers, width and height above 0.");
            }

            yield return (row, numbers);
        }
    }

    private static FaceBox Box(float[] n) => new(n[0], n[1], n[2], n[3]);

    private static FaceLandmarks Landmarks(float[] n) => new(
        new Vector2(n[4], n[5]),
        new Vector2(n[6], n[7]),
        new Vector2(n[8], n[9]),
        new Vector2(n[10], n[11]),
        new Vector2(n[12], n[13]));
}
