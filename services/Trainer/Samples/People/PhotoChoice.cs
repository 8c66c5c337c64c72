namespace FaceCloud.Trainer.Samples.People;

/// <summary>Which photos of many to keep.</summary>
public static class PhotoChoice
{
    /// <summary>
    /// The first, and then always the one that differs most from those chosen while it stays at least so similar to each: varied, but clearly one
    /// person. Null where there are not enough.
    /// </summary>
    /// <param name="count">Photos to choose from.</param>
    /// <param name="similarity">Of two photos.</param>
    /// <param name="wanted">Photos to choose.</param>
    /// <param name="least">Lowest similarity of two chosen ones.</param>
    public static int[]? Varied(int count, Func<int, int, float> similarity, int wanted, float least)
    {
        for (var first = 0; first < count; first++)
        {
            var chosen = new List<int> { first };
            while (chosen.Count < wanted)
            {
                var next = Enumerable.Range(0, count)
                    .Where(i => !chosen.Contains(i))
                    .Select(i => (Photo: i, Lowest: chosen.Min(c => similarity(c, i))))
                    .Where(p => p.Lowest >= least)
                    .OrderBy(p => p.Lowest)
                    .FirstOrDefault((-1, 0));
                if (next.Item1 < 0)
                {
                    break;
                }

                chosen.Add(next.Item1);
            }

            if (chosen.Count == wanted)
            {
                return [.. chosen];
            }
        }

        return null;
    }
}
