namespace FaceCloud.Cli.Enrolment;

/// <summary>
/// The photos of a folder: a folder a person, or one folder for one person. By file name in ordinal order;
/// what has not the name of a photo is left out and counted.
/// </summary>
internal sealed record EnrolmentFolder(IReadOnlyList<EnrolmentPhoto> Photos, int OtherFiles)
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff"];

    public int Persons => Photos.Select(photo => photo.PersonId).Distinct(StringComparer.Ordinal).Count();

    /// <exception cref="InputException">No such folder, not readable, or nothing in it to enrol.</exception>
    public static EnrolmentFolder Read(string folder, string? personId, int? photoLimit)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException(
                Reasons.FolderNotFound, File.Exists(folder) ? $"'{folder}' is a file; give a folder." : $"There is no folder '{folder}'.");
        }

        try
        {
            var read = personId is null ? FolderAPerson(folder, photoLimit) : OnePerson(folder, personId, photoLimit);
            return read.Photos.Count > 0 ? read : throw Empty(folder, personId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Reasons.FileUnreadable, $"'{folder}' cannot be read: {exception.Message}");
        }
    }

    private static EnrolmentFolder FolderAPerson(string folder, int? photoLimit)
    {
        var photos = new List<EnrolmentPhoto>();
        var other = Files(folder).Count();
        foreach (var person in Directory.EnumerateDirectories(folder).Where(path => !IsHidden(path)).Order(StringComparer.Ordinal))
        {
            var read = OnePerson(person, Path.GetFileName(person), photoLimit, Path.GetFileName(person) + "/");
            photos.AddRange(read.Photos);
            other += read.OtherFiles;
        }

        return new EnrolmentFolder(photos, other);
    }

    private static EnrolmentFolder OnePerson(string folder, string personId, int? photoLimit, string prefix = "")
    {
        var files = Files(folder).ToLookup(IsPhoto);
        var photos = files[true]
            .Order(StringComparer.Ordinal)
            .Take(photoLimit ?? int.MaxValue)
            .Select(path => new EnrolmentPhoto(personId, path, prefix + Path.GetFileName(path)));
        return new EnrolmentFolder([.. photos], files[false].Count());
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder).Where(path => !IsHidden(path));

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    public static bool IsPhoto(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static InputException Empty(string folder, string? personId) =>
        new(
            Reasons.FolderEmpty,
            personId is null
                ? $"'{folder}' has no folders with photos: it takes one folder a person; for the photos of one person add --person ID."
                : $"'{folder}' has no photos ({string.Join(", ", Endings)}).");
}
