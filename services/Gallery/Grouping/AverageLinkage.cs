using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Grouping;

/// <summary>
/// Agglomerative clustering with average linkage on the cosine: the likeness of two groups is the mean cosine over all pairs of their
/// faces, and the most alike are joined until no two reach the threshold. The mean over pairs is the dot product of the groups' mean
/// vectors, so no matrix of pairs is kept: memory grows with the number of faces, time with its square at most.
/// Chains of nearest neighbours find the same joins as the search for the best pair of all (Murtagh 1983), since a join never brings
/// a group nearer to a third than its nearer part was.
/// </summary>
public static class AverageLinkage
{
    /// <summary>Indexes of the faces of each group, ascending; the groups by their first face. Ties go to the lower index.</summary>
    /// <param name="faces">float32[dimension] each, unit length.</param>
    /// <param name="threshold">Mean cosine from which on two groups are one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Group(IReadOnlyList<float[]> faces, float threshold, CancellationToken cancellationToken)
    {
        var state = new State(faces);
        var groups = new List<List<int>>();
        var chain = new List<int>();
        while (state.Active.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (chain.Count == 0)
            {
                chain.Add(state.Active[0]);
            }

            var before = chain.Count > 1 ? chain[^2] : -1;
            var (nearest, similarity) = state.Nearest(chain[^1], before);

            // Not "below": NaN joins nobody.
            if (!(similarity >= threshold))
            {
                // Likeness rises along the chain, so nobody in it reaches the threshold with anybody.
                groups.AddRange(chain.Select(state.Take));
                chain.Clear();
            }
            else if (nearest == before)
            {
                state.Join(chain[^1], before);
                chain.RemoveRange(chain.Count - 2, 2);
            }
            else
            {
                chain.Add(nearest);
            }
        }

        groups.ForEach(group => group.Sort());
        return [.. groups.OrderBy(group => group[0])];
    }

    private sealed class State
    {
        private readonly int _dimension;
        private readonly float[] _means;
        private readonly List<int>[] _members;

        public State(IReadOnlyList<float[]> faces)
        {
            _dimension = faces.Count > 0 ? faces[0].Length : 0;
            _means = new float[(long)faces.Count * _dimension];
            _members = new List<int>[faces.Count];
            for (var i = 0; i < faces.Count; i++)
            {
                faces[i].CopyTo(Mean(i));
                _members[i] = [i];
                Active.Add(i);
            }
        }

        /// <summary>Groups that may still be joined, ascending.</summary>
        public List<int> Active { get; } = [];

        /// <summary>Of equals the one before in the chain, so that the chain ends.</summary>
        public (int Group, float Similarity) Nearest(int group, int before)
        {
            var mean = Mean(group);
            var best = before < 0 ? (-1, float.NaN) : (before, Vectors.DotProduct(mean, Mean(before)));
            foreach (var other in Active)
            {
                if (other == group || other == before)
                {
                    continue;
                }

                var similarity = Vectors.DotProduct(mean, Mean(other));
                if (best.Item1 < 0 || similarity > best.Item2)
                {
                    best = (other, similarity);
                }
            }

            return best;
        }

        public void Join(int one, int other)
        {
            var (kept, gone) = (Math.Min(one, other), Math.Max(one, other));
            var mean = Mean(kept);
            var added = Mean(gone);
            float share = (float)_members[gone].Count / (_members[kept].Count + _members[gone].Count);
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += share * (added[i] - mean[i]);
            }

            _members[kept].AddRange(_members[gone]);
            Remove(gone);
        }

        public List<int> Take(int group)
        {
            Remove(group);
            return _members[group];
        }

        private void Remove(int group) => Active.RemoveAt(Active.BinarySearch(group));

        private Span<float> Mean(int group) => _means.AsSpan(group * _dimension, _dimension);
    }
}
