using FaceCloud.Trainer.Augmentation;

namespace FaceCloud.Trainer.Losses;

/// <summary>Chooses triplets in a P×K batch from the squared distances of its embeddings.</summary>
public static class TripletMiner
{
    /// <param name="distances">Squared distances, batch × batch, row-major.</param>
    /// <param name="persons">Person of each place; −1 is nobody in particular and takes no part.</param>
    /// <param name="mining">How negatives are chosen.</param>
    /// <param name="random">Used by <see cref="TripletMining.Random"/> alone.</param>
    /// <returns>One triplet for every ordered pair of photos of one person (all triplets with <see cref="TripletMining.BatchAll"/>).</returns>
    public static Triplets Mine(ReadOnlySpan<float> distances, ReadOnlySpan<int> persons, TripletMining mining, SmallRandom random)
    {
        var (anchors, positives, negatives) = (new List<int>(), new List<int>(), new List<int>());
        Span<int> others = stackalloc int[persons.Length];
        for (var anchor = 0; anchor < persons.Length; anchor++)
        {
            if (persons[anchor] < 0)
            {
                continue;
            }

            var count = 0;
            for (var other = 0; other < persons.Length; other++)
            {
                if (persons[other] >= 0 && persons[other] != persons[anchor])
                {
                    others[count++] = other;
                }
            }

            if (count == 0)
            {
                continue;
            }

            var strangers = others[..count];
            var row = distances.Slice(anchor * persons.Length, persons.Length);
            for (var positive = 0; positive < persons.Length; positive++)
            {
                if (positive == anchor || persons[positive] != persons[anchor])
                {
                    continue;
                }

                if (mining == TripletMining.BatchAll)
                {
                    foreach (var negative in strangers)
                    {
                        Add(anchor, positive, negative);
                    }

                    continue;
                }

                Add(anchor, positive, mining switch
                {
                    TripletMining.Random => strangers[random.Below(strangers.Length)],
                    TripletMining.Hard => Nearest(row, strangers, float.NegativeInfinity),
                    TripletMining.SemiHard => Nearest(row, strangers, row[positive]),
                    _ => throw new ArgumentOutOfRangeException(nameof(mining), mining, "unknown"),
                });
            }
        }

        return new Triplets([.. anchors], [.. positives], [.. negatives]);

        void Add(int anchor, int positive, int negative)
        {
            anchors.Add(anchor);
            positives.Add(positive);
            negatives.Add(negative);
        }
    }

    /// <summary>The nearest one farther than <paramref name="beyond"/>; where all are nearer, the farthest: the mildest of the wrong ones.</summary>
    private static int Nearest(ReadOnlySpan<float> distances, ReadOnlySpan<int> strangers, float beyond)
    {
        var (nearest, farthest) = (-1, strangers[0]);
        foreach (var stranger in strangers)
        {
            if (distances[stranger] > beyond && (nearest < 0 || distances[stranger] < distances[nearest]))
            {
                nearest = stranger;
            }

            if (distances[stranger] > distances[farthest])
            {
                farthest = stranger;
            }
        }

        return nearest < 0 ? farthest : nearest;
    }
}
