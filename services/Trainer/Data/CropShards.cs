using System.Formats.Tar;
using System.Globalization;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Data;

/// <summary>
/// Aligned crops in tar files: <c>index.csv</c> (shard,name,source,identity,split), the shards it names, and optionally
/// <c>suspects.csv</c> (kind,a,b,cos): its <c>same person?</c> rows name labels of one person, its <c>mislabelled?</c> rows photos whose
/// label is probably wrong.
/// </summary>
public sealed class CropShards : IFaceSource
{
    /// <summary>Above this similarity of two labels' mean embeddings they are taken for one person.</summary>
    public const double SamePersonSimilarity = 0.75;

    private readonly string _folder;
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _shards = new(StringComparer.Ordinal);

    public CropShards(string folder)
    {
        _folder = folder;
        var index = Path.Combine(folder, "index.csv");
        if (!File.Exists(index))
        {
            throw new TrainerException($"{folder} holds no index.csv, so it is no folder of crop shards.");
        }

        var faces = new List<FaceRecord>();
        foreach (var line in File.ReadLines(index).Skip(1))
        {
            if (line.Split(',') is not [var shard, var name, _, var identity, var split] || !_rows.TryAdd(name, faces.Count))
            {
                throw new TrainerException($"{index}, line {faces.Count + 2}: expected shard,name,source,identity,split with a name not seen before.");
            }

            _shards.Add(shard);
            faces.Add(new FaceRecord(name, identity.Length == 0 ? null : identity, split == "val" ? FaceSplit.Validation : FaceSplit.Train));
        }

        Faces = faces;
        Fingerprint = PhotoFingerprint.Of(folder, _shards.Select(s => Path.Combine(folder, s)).Prepend(index));
        (SamePerson, DoubtfulLabels) = ReadSuspects(Path.Combine(folder, "suspects.csv"));
    }

    public IReadOnlyList<FaceRecord> Faces { get; }

    public string Fingerprint { get; }

    public IReadOnlyList<(string First, string Second)> SamePerson { get; }

    public IReadOnlySet<int> DoubtfulLabels { get; }

    public IEnumerable<EncodedFace> Read()
    {
        foreach (var shard in _shards)
        {
            using var stream = File.OpenRead(Path.Combine(_folder, shard));
            using var tar = new TarReader(stream);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is not null && _rows.TryGetValue(entry.Name, out var row))
                {
                    var photo = new byte[entry.Length];
                    entry.DataStream.ReadExactly(photo);
                    yield return new EncodedFace(row, photo);
                }
            }
        }
    }

    public byte[]? Pixels(byte[] photo) => CropPixels.Decode(photo);

    private (List<(string First, string Second)> SamePerson, HashSet<int> Doubtful) ReadSuspects(string path)
    {
        var pairs = new List<(string First, string Second)>();
        var doubtful = new HashSet<int>();
        foreach (var line in File.Exists(path) ? File.ReadLines(path).Skip(1) : [])
        {
            switch (line.Split(','))
            {
                case ["same person?", var first, var second, var similarity]
                    when double.TryParse(similarity, CultureInfo.InvariantCulture, out var value) && value > SamePersonSimilarity:
                    pairs.Add((first, second));
                    break;
                case ["mislabelled?", var name, _, _] when _rows.TryGetValue(name, out var row):
                    doubtful.Add(row);
                    break;
            }
        }

        return (pairs, doubtful);
    }
}
