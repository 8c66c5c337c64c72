namespace FaceCloud.Gallery.Index;

/// <param name="Matches">One list a probe, in the order of the probes.</param>
/// <param name="Searched">What was searched, counted in the same state of the gallery.</param>
public sealed record IndexSearch(IReadOnlyList<IReadOnlyList<PersonMatch>> Matches, IndexSize Searched);
