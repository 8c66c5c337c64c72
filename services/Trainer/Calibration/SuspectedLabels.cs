using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Calibration;

/// <summary>
/// What <c>suspects.csv</c> (kind,a,b,cos) doubts: photos that may show another person than their label says, and labels that may be one
/// person. Whoever wrote it asked a model; leaving these pairs out therefore flatters models that err like that one.
/// </summary>
public sealed class SuspectedLabels
{
    private readonly HashSet<string> _photos = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _persons = [];

    /// <summary>Of the source's folder; without such a file nothing is doubted.</summary>
    public SuspectedLabels(string folder, IFaceSource source)
    {
        var merged = new LabelMerge(source.SamePerson);
        var path = Path.Combine(folder, "suspects.csv");
        foreach (var line in File.Exists(path) ? File.ReadLines(path).Skip(1) : [])
        {
            switch (line.Split(','))
            {
                case ["same person?", var first, var second, _]:
                    var (a, b) = (merged.Of(first), merged.Of(second));
                    _persons.Add((a, b));
                    _persons.Add((b, a));
                    break;
                case ["mislabelled?", var name, _, _]:
                    _photos.Add(name);
                    break;
            }
        }
    }

    public bool Any => _photos.Count > 0 || _persons.Count > 0;

    public bool Doubts(string photo) => _photos.Contains(photo);

    /// <summary>Whether two labels, merged ones, may be one person.</summary>
    public bool MayBeOne(string person, string other) => _persons.Contains((person, other));
}
