using Grpc.Core;
using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Storage;

internal static class Searches
{
    private const int GroupAttempts = 5;

    /// <summary>Best first. Equal scores in falling order of ids: nobody promised another one.</summary>
    public static List<(StoredPoint Point, float Score)> Search(
        StoredCollection collection, float[] query, Filter? filter, SearchParams? parameters, float? threshold, int limit, Func<StoredPoint, bool> also)
    {
        if (query.Length != collection.Size)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"Wrong input: Vector dimension error: expected dim: {collection.Size}, got {query.Length}"));
        }

        var isFar = collection.Distance is StoredDistance.Euclid or StoredDistance.Manhattan;
        var coarse = collection.IsQuantised && parameters is not { Exact: true } && parameters?.Quantization is not ({ Rescore: true } or { Ignore: true });
        var probe = collection.Distance == StoredDistance.Cosine ? Unit(query) : query;
        return
        [
            .. collection.Points.Values
                .Where(point => Filters.Matches(collection, filter, point) && also(point))
                .Select(point => (Point: point, Score: Score(collection.Distance, probe, point.Vector, coarse)))
                .Where(hit => threshold is not { } limitScore || (isFar ? hit.Score < limitScore : hit.Score > limitScore))
                .OrderBy(hit => isFar ? hit.Score : -hit.Score)
                .ThenByDescending(hit => hit.Point.Id)
                .Take(limit)
        ];
    }

    /// <summary>Some searches to find groups, some to fill them; there may be more groups than are found.</summary>
    public static List<(string Group, List<(StoredPoint Point, float Score)> Hits)> SearchGroups(
        StoredCollection collection, float[] query, Filter? filter, SearchParams? parameters, float? threshold, int limit, int groupSize, string groupBy)
    {
        Filters.RequireIndex(collection, groupBy);
        var groups = new Dictionary<string, List<(StoredPoint Point, float Score)>>(StringComparer.Ordinal);
        for (var attempt = 0; attempt < GroupAttempts && groups.Count < limit; attempt++)
        {
            var full = groups.Where(group => group.Value.Count >= groupSize).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
            if (!Take(Search(collection, query, filter, parameters, threshold, limit * groupSize, point => GroupOf(point) is { } group && !full.Contains(group))))
            {
                break;
            }
        }

        var found = groups.OrderByDescending(group => group.Value[0].Score).Take(limit).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        for (var attempt = 0; attempt < GroupAttempts; attempt++)
        {
            var unfilled = found.Where(group => groups[group].Count < groupSize).ToHashSet(StringComparer.Ordinal);
            var known = groups.Values.SelectMany(hits => hits).Select(hit => hit.Point.Id).ToHashSet();
            if (unfilled.Count == 0
                || !Take(Search(collection, query, filter, parameters, threshold, limit * groupSize, point => GroupOf(point) is { } group && unfilled.Contains(group) && !known.Contains(point.Id))))
            {
                break;
            }
        }

        return [.. found.Select(group => (group, groups[group])).OrderByDescending(group => group.Item2[0].Score)];

        string? GroupOf(StoredPoint point) =>
            point.Payload.TryGetValue(groupBy, out var value) && value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : null;

        bool Take(List<(StoredPoint Point, float Score)> hits)
        {
            var isNew = false;
            foreach (var hit in hits)
            {
                var name = GroupOf(hit.Point)!;
                if (!groups.TryGetValue(name, out var group))
                {
                    groups[name] = group = [];
                }

                if (group.Count < groupSize && group.All(known => known.Point.Id != hit.Point.Id))
                {
                    group.Add(hit);
                    group.Sort((one, other) => other.Score.CompareTo(one.Score));
                    isNew = true;
                }
            }

            return isNew;
        }
    }

    /// <summary>Left alone when it has no length, or unit length already.</summary>
    public static float[] Unit(float[] vector)
    {
        var square = vector.Sum(value => (double)value * value);
        if (square < float.Epsilon || Math.Abs(square - 1) < 1e-6)
        {
            return vector;
        }

        var length = (float)Math.Sqrt(square);
        return [.. vector.Select(value => value / length)];
    }

    private static float Score(StoredDistance distance, float[] query, float[] vector, bool coarse) => distance switch
    {
        StoredDistance.Euclid => MathF.Sqrt(query.Zip(vector, (one, other) => (one - other) * (one - other)).Sum()),
        StoredDistance.Manhattan => query.Zip(vector, (one, other) => MathF.Abs(one - other)).Sum(),
        _ when coarse => query.Zip(vector, (one, other) => one * MathF.Round(other * 16) / 16).Sum(),
        _ => query.Zip(vector, (one, other) => one * other).Sum(),
    };
}
