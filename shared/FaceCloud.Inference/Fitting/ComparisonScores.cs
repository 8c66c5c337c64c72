namespace FaceCloud.Inference.Fitting;

/// <summary>What thresholds are measured on: comparisons of faces whose persons are known.</summary>
public sealed class ComparisonScores
{
    /// <summary>How many persons there are.</summary>
    public required int Persons { get; init; }

    /// <summary>All comparisons of a person with themselves, best first.</summary>
    public required IReadOnlyList<ComparisonScore> Genuine { get; init; }

    /// <summary>Of each of <see cref="Genuine"/>; those of a person add to 1, so that every person counts the same.</summary>
    public required IReadOnlyList<double> GenuineWeight { get; init; }

    /// <summary>The most alike comparisons of two persons, best first: more than the loosest rate takes in, or all.</summary>
    public required IReadOnlyList<ComparisonScore> Impostors { get; init; }

    /// <summary>Comparisons of two persons, also those below <see cref="Impostors"/>.</summary>
    public required long ImpostorCount { get; init; }

    /// <summary>The same when each person stands there so many times; a person and their own copies make none.</summary>
    public required Func<int[], double> ImpostorWeight { get; init; }
}
