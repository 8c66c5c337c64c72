namespace FaceCloud.Trainer.Samples.People;

/// <summary>In which order candidates are tried.</summary>
public static class PersonOrder
{
    /// <summary>
    /// Farthest first: each next one is the one whose greatest similarity to all before is smallest, women and men in turn while both last.
    /// </summary>
    /// <param name="isWoman">Of each candidate.</param>
    /// <param name="similarity">Of two candidates.</param>
    /// <param name="first">The candidate to begin with.</param>
    public static IEnumerable<int> FarthestFirst(IReadOnlyList<bool> isWoman, Func<int, int, float> similarity, int first)
    {
        var left = Enumerable.Range(0, isWoman.Count).ToHashSet();
        var closest = new float[isWoman.Count];
        Array.Fill(closest, float.NegativeInfinity);
        var next = first;
        while (true)
        {
            yield return next;
            left.Remove(next);
            if (left.Count == 0)
            {
                yield break;
            }

            foreach (var i in left)
            {
                closest[i] = Math.Max(closest[i], similarity(i, next));
            }

            var wanted = left.Where(i => isWoman[i] != isWoman[next]).ToArray();
            next = (wanted.Length > 0 ? wanted : [.. left]).Order().MinBy(i => closest[i]);
        }
    }
}
