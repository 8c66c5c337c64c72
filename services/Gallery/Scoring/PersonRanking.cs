using FaceCloud.Gallery.Index;

namespace FaceCloud.Gallery.Scoring;

/// <param name="Persons">One list a probe, in the order of the probes, best first.</param>
/// <param name="Searched">What was searched.</param>
public sealed record PersonRanking(IReadOnlyList<IReadOnlyList<RankedPerson>> Persons, IndexSize Searched);
