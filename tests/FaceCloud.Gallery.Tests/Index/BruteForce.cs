using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;
using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Tests.Index;

/// <summary>What an exact index must answer: every face compared, everything sorted.</summary>
internal static class BruteForce
{
    public static IReadOnlyList<PersonMatch> Search(IEnumerable<FaceVector> faces, float[] probe, int maxPersons) =>
    [
        .. faces
            .Select(face => new PersonMatch(face.PersonId, face.FaceId, Vectors.DotProduct(face.Embedding, probe)))
            .OrderByDescending(match => match.Similarity)
            .ThenBy(match => match.PersonId, StringComparer.Ordinal)
            .ThenBy(match => match.FaceId)
            .DistinctBy(match => match.PersonId)
            .Take(maxPersons)
    ];

    public static void AssertEqual(IReadOnlyList<FaceVector> faces, float[][] probes, int maxPersons, IndexSearch search)
    {
        Assert.Equal(probes.Length, search.Matches.Count);
        Assert.Equal(new IndexSize(faces.Select(face => face.PersonId).Distinct().Count(), faces.Count), search.Searched);
        foreach (var (probe, matches) in probes.Zip(search.Matches))
        {
            Assert.Equal(Search(faces, probe, maxPersons), matches);
        }
    }
}
