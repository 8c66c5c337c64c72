using System.Globalization;

namespace FaceCloud.Accuracy.Grouping;

/// <summary>Of all pairs of faces: those put together, those that belong together, those that are both.</summary>
internal sealed record PairwiseScore(int Groups, long Together, long Genuine, long Both)
{
    public double Precision => Together == 0 ? 1 : (double)Both / Together;

    public double Recall => Genuine == 0 ? 1 : (double)Both / Genuine;

    public double F1 => Both == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    public static PairwiseScore Of(IEnumerable<IReadOnlyList<int>> groups, IReadOnlyList<string> persons)
    {
        var (count, together, both) = (0, 0L, 0L);
        foreach (var group in groups)
        {
            count++;
            together += Pairs(group.Count);
            both += group.CountBy(index => persons[index]).Sum(person => Pairs(person.Value));
        }

        return new PairwiseScore(count, together, persons.CountBy(person => person).Sum(person => Pairs(person.Value)), both);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Groups} | {100 * Precision:F1} % | {100 * Recall:F1} % | {F1:F3}");

    private static long Pairs(long count) => count * (count - 1) / 2;
}
