using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Data;

/// <summary>
/// A folder per person, photos inside; the folder's name is the label. With a <see cref="FaceFinder"/> they are ordinary photos, whose
/// largest face is taken; without one, aligned face crops (112×112 template; other sizes are scaled).
/// </summary>
public sealed class PersonFolders : IFaceSource
{
    private static readonly HashSet<string> PhotoExtensions = new([".jpg", ".jpeg", ".png", ".webp"], StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _paths = [];
    private readonly FaceFinder? _finder;

    /// <param name="folder">Holds one folder a person.</param>
    /// <param name="holdOutEvery">0: all persons train; n: every n-th person, in order of name, is for validation.</param>
    /// <param name="finder">Finds the face in each photo.</param>
    public PersonFolders(string folder, int holdOutEvery = 0, FaceFinder? finder = null)
    {
        _finder = finder;
        if (!Directory.Exists(folder))
        {
            throw new TrainerException($"There is no folder {folder}.");
        }

        var faces = new List<FaceRecord>();
        var empty = new List<string>();
        var person = 0;
        foreach (var directory in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var identity = Path.GetFileName(directory);
            var photos = Directory.EnumerateFiles(directory)
                .Where(p => PhotoExtensions.Contains(Path.GetExtension(p)))
                .Order(StringComparer.Ordinal)
                .ToList();
            if (photos.Count == 0)
            {
                empty.Add(identity);
                continue;
            }

            var split = holdOutEvery > 0 && person % holdOutEvery == holdOutEvery - 1 ? FaceSplit.Validation : FaceSplit.Train;
            faces.AddRange(photos.Select(p => new FaceRecord($"{identity}/{Path.GetFileName(p)}", identity, split)));
            _paths.AddRange(photos);
            person++;
        }

        if (faces.Count == 0)
        {
            throw new TrainerException($"{folder} holds no photos; it should hold one folder a person with .jpg, .png or .webp photos inside.");
        }

        Faces = faces;
        EmptyPersons = empty;
        Fingerprint = PhotoFingerprint.Of(folder, _paths) + (finder is null ? "" : "-aligned");
    }

    /// <summary>Folders without a photo: named to the user, otherwise ignored.</summary>
    public IReadOnlyList<string> EmptyPersons { get; }

    public IReadOnlyList<FaceRecord> Faces { get; }

    public string Fingerprint { get; }

    public IReadOnlyList<(string First, string Second)> SamePerson => [];

    public IReadOnlySet<int> DoubtfulLabels { get; } = new HashSet<int>();

    public IEnumerable<EncodedFace> Read() => _paths.Select((path, row) => new EncodedFace(row, File.ReadAllBytes(path)));

    public byte[]? Pixels(byte[] photo) => _finder is null ? CropPixels.Decode(photo) : _finder.Find(photo);
}
