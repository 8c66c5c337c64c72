namespace FaceCloud.Trainer.Calibration;

/// <summary>Two persons whose photos are accepted as one's: alike, twins, or one person under two labels.</summary>
/// <param name="First">A label.</param>
/// <param name="Second">Another label.</param>
/// <param name="Pairs">Pairs of their photos at or above the threshold.</param>
/// <param name="OfPairs">All pairs of their photos.</param>
/// <param name="Highest">The most alike of them.</param>
/// <param name="FirstPhoto">Of that pair.</param>
/// <param name="SecondPhoto">Of that pair.</param>
/// <param name="Listed">Whether suspects.csv doubts that they are two.</param>
public sealed record SuspectPair(string First, string Second, int Pairs, int OfPairs, float Highest, string FirstPhoto, string SecondPhoto, bool Listed)
{
    /// <summary>Those that account for most false accepts at a threshold.</summary>
    public static IReadOnlyList<SuspectPair> Top(PairScores scores, float threshold, SuspectedLabels suspects, int most)
    {
        var photos = scores.Faces.Photos;
        return [.. scores.Impostors
            .TakeWhile(pair => pair.Similarity >= threshold)
            .Select(pair => photos.Person[pair.First] < photos.Person[pair.Second] ? pair : pair with { First = pair.Second, Second = pair.First })
            .GroupBy(pair => (photos.Person[pair.First], photos.Person[pair.Second]))
            .Select(group =>
            {
                var ((a, b), best) = (group.Key, group.MaxBy(pair => pair.Similarity));
                return new SuspectPair(
                    photos.Persons[a],
                    photos.Persons[b],
                    group.Count(),
                    scores.PhotosOf[a] * scores.PhotosOf[b],
                    best.Similarity,
                    photos.Names[best.First],
                    photos.Names[best.Second],
                    suspects.MayBeOne(photos.Persons[a], photos.Persons[b]));
            })
            .OrderByDescending(pair => pair.Pairs)
            .ThenByDescending(pair => pair.Highest)
            .Take(most)];
    }
}
