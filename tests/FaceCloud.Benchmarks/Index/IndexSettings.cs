namespace FaceCloud.Benchmarks.Index;

/// <param name="Faces">Sizes of galleries.</param>
/// <param name="Dimensions">Of embeddings.</param>
/// <param name="LoadFaces">Faces read from SQLite; 0 leaves that out.</param>
/// <param name="GraphFaces">Largest gallery for which hnswlib builds its graph.</param>
/// <param name="Rounds">Searches of one probe of which the fastest counts; a third as many of 64.</param>
public sealed record IndexSettings(IReadOnlyList<int> Faces, IReadOnlyList<int> Dimensions, int LoadFaces, int GraphFaces, int Rounds)
{
    /// <summary>Best persons asked for.</summary>
    public const int MaxPersons = 10;

    /// <summary>Probes, asked for one by one and all at once.</summary>
    public const int Probes = 64;
}
