namespace FaceCloud.Accuracy;

/// <summary>Photos whose persons are known: some to enrol, the others to ask about.</summary>
/// <param name="Enrolled">Photo files that are enrolled.</param>
/// <param name="Probes">Other photos of the same persons.</param>
/// <param name="Strangers">Photos of persons who are not enrolled.</param>
internal sealed record LabelledPhotos(IReadOnlyList<LabelledPhoto> Enrolled, IReadOnlyList<LabelledPhoto> Probes, IReadOnlyList<string> Strangers)
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff" };

    public int Persons => Enrolled.Select(photo => photo.Person).Distinct(StringComparer.Ordinal).Count();

    public static LabelledPhotos Read(string people, string? strangers, int enrolledPerPerson, int? maxPersons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(enrolledPerPerson, 1);

        var photos = Directory.EnumerateDirectories(people)
            .Order(StringComparer.Ordinal)
            .Take(maxPersons ?? int.MaxValue)
            .Select(folder => Photos(folder).Select(file => new LabelledPhoto(Path.GetFileName(folder), file)).ToArray())
            .ToArray();
        return new LabelledPhotos(
            [.. photos.SelectMany(person => person.Take(enrolledPerPerson))],
            [.. photos.SelectMany(person => person.Skip(enrolledPerPerson))],
            strangers is null ? [] : [.. Photos(strangers)]);
    }

    // 2.jpg comes before 10.jpg.
    private static IEnumerable<string> Photos(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(file => Extensions.Contains(Path.GetExtension(file)))
            .OrderBy(file => Path.GetFileName(file).Length)
            .ThenBy(file => file, StringComparer.Ordinal);
}
