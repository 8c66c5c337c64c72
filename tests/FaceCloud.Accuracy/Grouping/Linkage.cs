using FaceCloud.Numerics;

namespace FaceCloud.Accuracy.Grouping;

/// <summary>Agglomerative clustering with any of three linkages, over a matrix of all pairs: to compare, not to serve.</summary>
internal static class Linkage
{
    public enum Kind
    {
        Single,
        Average,
        Complete,
    }

    public static List<List<int>> Group(IReadOnlyList<float[]> faces, float threshold, Kind kind)
    {
        var count = faces.Count;
        var likeness = new float[count][];
        Parallel.For(0, count, i => likeness[i] = [.. faces.Select(other => Vectors.DotProduct(faces[i], other))]);

        var groups = Enumerable.Range(0, count).Select(index => new List<int> { index }).ToArray();
        var active = Enumerable.Range(0, count).ToList();
        var chain = new List<int>();
        var done = new List<List<int>>();
        while (active.Count > 0)
        {
            if (chain.Count == 0)
            {
                chain.Add(active[0]);
            }

            var tip = chain[^1];
            var before = chain.Count > 1 ? chain[^2] : -1;
            var best = before;
            foreach (var other in active)
            {
                if (other != tip && (best < 0 || likeness[tip][other] > likeness[tip][best]))
                {
                    best = other;
                }
            }

            if (best < 0 || likeness[tip][best] < threshold)
            {
                done.AddRange(chain.Select(group => groups[group]));
                active.RemoveAll(chain.Contains);
                chain.Clear();
            }
            else if (best == before)
            {
                chain.RemoveRange(chain.Count - 2, 2);
                foreach (var other in active)
                {
                    var joined = kind switch
                    {
                        Kind.Single => Math.Max(likeness[tip][other], likeness[best][other]),
                        Kind.Complete => Math.Min(likeness[tip][other], likeness[best][other]),
                        _ => ((groups[tip].Count * likeness[tip][other]) + (groups[best].Count * likeness[best][other])) / (groups[tip].Count + groups[best].Count),
                    };
                    likeness[tip][other] = likeness[other][tip] = joined;
                }

                groups[tip].AddRange(groups[best]);
                active.Remove(best);
            }
            else
            {
                chain.Add(best);
            }
        }

        return done;
    }
}
