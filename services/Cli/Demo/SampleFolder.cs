namespace FaceCloud.Cli.Demo;

/// <summary>
/// Photos to show FaceCloud with: <c>people/&lt;person&gt;/*</c>, of which the first photo is enrolled and the others are probes,
/// <c>strangers/*</c>, who are never enrolled, and <c>groups/*</c>.
/// </summary>
internal sealed record SampleFolder(
    string Path,
    IReadOnlyList<SamplePhoto> Enrolled,
    IReadOnlyList<SamplePhoto> Probes,
    IReadOnlyList<SamplePhoto> Strangers,
    IReadOnlyList<SamplePhoto> Groups)
{
    /// <summary>The samples that come with FaceCloud.</summary>
    public static string Shipped => System.IO.Path.Combine(AppContext.BaseDirectory, "samples");

    /// <exception cref="InputException">No such folder, or not two persons with two photos each in it.</exception>
    public static SampleFolder Read(string folder)
    {
        var people = System.IO.Path.Combine(folder, "people");
        if (!Directory.Exists(people))
        {
            throw new InputException(Reasons.FolderNotFound, $"'{folder}' has no folder people; samples are people/<person>/*.jpg, strangers/*.jpg and groups/*.jpg.");
        }

        try
        {
            var persons = Directory.EnumerateDirectories(people)
                .Order(StringComparer.Ordinal)
                .Select(path => Photos(folder, path, System.IO.Path.GetFileName(path)))
                .Where(photos => photos.Length > 1)
                .ToArray();
            return persons.Length > 1
                ? new SampleFolder(
                    folder,
                    [.. persons.Select(photos => photos[0])],
                    [.. persons.SelectMany(photos => photos.Skip(1))],
                    Photos(folder, System.IO.Path.Combine(folder, "strangers"), null),
                    Photos(folder, System.IO.Path.Combine(folder, "groups"), null))
                : throw new InputException(Reasons.FolderEmpty, $"'{people}' needs two persons or more with two photos each: one is enrolled, the others are probes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Reasons.FileUnreadable, $"'{folder}' cannot be read: {exception.Message}");
        }
    }

    private static SamplePhoto[] Photos(string root, string folder, string? person) =>
        !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder)
                .Where(Enrolment.EnrolmentFolder.IsPhoto)
                .Order(StringComparer.Ordinal)
                .Select(path => new SamplePhoto(path, System.IO.Path.GetRelativePath(root, path).Replace('\\', '/'), person))];
}
