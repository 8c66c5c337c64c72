using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Accuracy;

/// <summary>What the server said about one photo.</summary>
/// <param name="Person">Who it is; null: a stranger.</param>
/// <param name="Outcome">The server's own decision.</param>
/// <param name="Nearest">The most similar enrolled person, whether above the threshold or not; null when there was no face.</param>
/// <param name="Similarity">Cosine to that person; NaN when there was no face.</param>
/// <param name="Threshold">That the server's decision used.</param>
internal sealed record Answer(string? Person, IdentifyOutcome Outcome, string? Nearest, float Similarity, Threshold? Threshold)
{
    public bool IsNearestRight => Person is not null && Nearest == Person;
}
