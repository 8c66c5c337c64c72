using Grpc.Core;
using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Storage;

internal static class Filters
{
    /// <summary>An empty filter matches everything. Strict mode: a filtered field must have an index.</summary>
    public static bool Matches(StoredCollection collection, Filter? filter, StoredPoint point) =>
        filter is null
        || (filter.Must.All(condition => Matches(collection, condition, point))
            && !filter.MustNot.Any(condition => Matches(collection, condition, point))
            && (filter.Should.Count == 0 || filter.Should.Any(condition => Matches(collection, condition, point))));

    public static void RequireIndex(StoredCollection collection, string field)
    {
        if (!collection.Indexes.ContainsKey(field))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"Bad request: Index required but not found for \"{field}\""));
        }
    }

    private static bool Matches(StoredCollection collection, Condition condition, StoredPoint point) => condition.ConditionOneOfCase switch
    {
        Condition.ConditionOneOfOneofCase.Field => MatchesField(collection, condition.Field, point),
        Condition.ConditionOneOfOneofCase.HasId => condition.HasId.HasId.Any(id => PointKey.Of(id) == point.Id),
        Condition.ConditionOneOfOneofCase.IsEmpty => !point.Payload.ContainsKey(condition.IsEmpty.Key),
        Condition.ConditionOneOfOneofCase.Filter => Matches(collection, condition.Filter, point),
        _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "Bad request: empty condition")),
    };

    private static bool MatchesField(StoredCollection collection, FieldCondition field, StoredPoint point)
    {
        RequireIndex(collection, field.Key);
        if (!point.Payload.TryGetValue(field.Key, out var value) || value.KindCase != Value.KindOneofCase.StringValue)
        {
            return false;
        }

        return field.Match.MatchValueCase switch
        {
            Match.MatchValueOneofCase.Keyword => field.Match.Keyword == value.StringValue,
            Match.MatchValueOneofCase.Keywords => field.Match.Keywords.Strings.Contains(value.StringValue),
            Match.MatchValueOneofCase.ExceptKeywords => !field.Match.ExceptKeywords.Strings.Contains(value.StringValue),
            _ => false,
        };
    }
}
