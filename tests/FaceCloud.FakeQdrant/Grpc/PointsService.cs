using FaceCloud.FakeQdrant.Storage;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Grpc;

internal sealed class PointsService(Database database) : Points.PointsBase
{
    public override Task<PointsOperationResponse> Upsert(UpsertPoints request, ServerCallContext context)
    {
        var points = request.Points.Select(point => (Key: PointKey.Of(point.Id), point.Payload, Vector: point.Vectors.Vector.Dense.Data.ToArray())).ToList();
        database.ReadCollection(request.CollectionName, collection =>
            points.FirstOrDefault(point => point.Vector.Length != collection.Size) is { Vector: { } wrong }
                ? throw Invalid($"Wrong input: Vector dimension error: expected dim: {collection.Size}, got {wrong.Length}")
                : true);
        return Write(request.CollectionName, request.Wait, collection =>
        {
            foreach (var (key, payload, vector) in points)
            {
                collection.Points[key] = new StoredPoint(key, new Dictionary<string, Value>(payload), collection.Distance == StoredDistance.Cosine ? Searches.Unit(vector) : vector);
            }
        });
    }

    public override Task<PointsOperationResponse> Delete(DeletePoints request, ServerCallContext context)
    {
        database.ReadCollection(request.CollectionName, collection => collection.Points.Values.Any(point => Filters.Matches(collection, request.Points.Filter, point)));
        return Write(request.CollectionName, request.Wait, collection =>
        {
            var gone = request.Points.PointsSelectorOneOfCase == PointsSelector.PointsSelectorOneOfOneofCase.Filter
                ? collection.Points.Values.Where(point => Filters.Matches(collection, request.Points.Filter, point)).Select(point => point.Id).ToList()
                : [.. request.Points.Points.Ids.Select(PointKey.Of)];
            foreach (var id in gone)
            {
                collection.Points.Remove(id);
            }
        });
    }

    public override Task<PointsOperationResponse> CreateFieldIndex(CreateFieldIndexCollection request, ServerCallContext context) =>
        Write(request.CollectionName, request.Wait, collection => collection.Indexes[request.FieldName] = request.FieldIndexParams ?? new PayloadIndexParams());

    public override Task<GetResponse> Get(GetPoints request, ServerCallContext context) =>
        Task.FromResult(database.ReadCollection(request.CollectionName, collection => new GetResponse
        {
            Result =
            {
                request.Ids.Select(PointKey.Of).Where(collection.Points.ContainsKey)
                    .Select(id => Retrieved(collection.Points[id], request.WithPayload, payloadByDefault: false, request.WithVectors)),
            },
        }));

    public override Task<ScrollResponse> Scroll(ScrollPoints request, ServerCallContext context) =>
        Task.FromResult(database.ReadCollection(request.CollectionName, collection =>
        {
            var limit = request.HasLimit ? (int)request.Limit : 10;
            if (limit == 0)
            {
                throw Invalid("Validation error in body: [limit: value 0 invalid, must be 1 or larger]");
            }

            var from = request.Offset is null ? default(PointKey?) : PointKey.Of(request.Offset);
            var page = collection.Points.Values
                .Where(point => (from is null || point.Id.CompareTo(from.Value) >= 0) && Filters.Matches(collection, request.Filter, point))
                .Take(limit + 1)
                .ToList();
            var reply = new ScrollResponse
            {
                Result = { page.Take(limit).Select(point => Retrieved(point, request.WithPayload, payloadByDefault: true, request.WithVectors)) },
            };
            if (page.Count > limit)
            {
                reply.NextPageOffset = page[limit].Id.ToProto();
            }

            return reply;
        }));

    public override Task<CountResponse> Count(CountPoints request, ServerCallContext context) =>
        Task.FromResult(database.ReadCollection(request.CollectionName, collection => new CountResponse
        {
            Result = new CountResult { Count = (ulong)collection.Points.Values.Count(point => Filters.Matches(collection, request.Filter, point)) },
        }));

    public override Task<QueryGroupsResponse> QueryGroups(QueryPointGroups request, ServerCallContext context) =>
        Task.FromResult(database.ReadCollection(request.CollectionName, collection =>
        {
            // The comment in the real proto has these two the wrong way round.
            var limit = request.HasLimit ? (int)request.Limit : 10;
            var size = request.HasGroupSize ? (int)request.GroupSize : 3;
            var groups = Searches.SearchGroups(
                collection,
                [.. request.Query.Nearest.Dense.Data],
                request.Filter,
                request.Params,
                request.HasScoreThreshold ? request.ScoreThreshold : null,
                limit,
                size,
                request.GroupBy);
            return new QueryGroupsResponse
            {
                Result = new GroupsResult
                {
                    Groups =
                    {
                        groups.Select(group => new PointGroup
                        {
                            Id = new GroupId { StringValue = group.Group },
                            Hits = { group.Hits.Select(hit => Scored(hit.Point, hit.Score, request.WithPayload, request.WithVectors)) },
                        }),
                    },
                },
            };
        }));

    private Task<PointsOperationResponse> Write(string name, bool wait, Action<StoredCollection> change) =>
        Task.FromResult(new PointsOperationResponse
        {
            Result = new UpdateResult
            {
                Status = database.Write(name, wait, change) switch
                {
                    true => UpdateStatus.Completed,
                    false => UpdateStatus.Acknowledged,
                    null => UpdateStatus.WaitTimeout,
                },
            },
        });

    private RetrievedPoint Retrieved(StoredPoint point, WithPayloadSelector? payload, bool payloadByDefault, WithVectorsSelector? vectors) => new()
    {
        Id = point.Id.ToProto(),
        Payload = { Selected(point, payload, payloadByDefault) },
        Vectors = vectors is { Enable: true } ? Output(point.Vector) : null,
    };

    private ScoredPoint Scored(StoredPoint point, float score, WithPayloadSelector? payload, WithVectorsSelector? vectors) => new()
    {
        Id = point.Id.ToProto(),
        Score = score,
        Payload = { Selected(point, payload, byDefault: false) },
        Vectors = vectors is { Enable: true } ? Output(point.Vector) : null,
    };

    private static Dictionary<string, Value> Selected(StoredPoint point, WithPayloadSelector? selector, bool byDefault) => selector?.SelectorOptionsCase switch
    {
        null or WithPayloadSelector.SelectorOptionsOneofCase.None => byDefault ? point.Payload : [],
        WithPayloadSelector.SelectorOptionsOneofCase.Enable => selector.Enable ? point.Payload : [],
        WithPayloadSelector.SelectorOptionsOneofCase.Include =>
            point.Payload.Where(field => selector.Include.Fields.Contains(field.Key)).ToDictionary(field => field.Key, field => field.Value),
        _ => point.Payload.Where(field => !selector.Exclude.Fields.Contains(field.Key)).ToDictionary(field => field.Key, field => field.Value),
    };

    private VectorsOutput Output(float[] vector)
    {
        var output = new VectorOutput();
        if (database.AnswersFlat)
        {
#pragma warning disable CS0612 // As old servers answer.
            output.Data.Add(vector);
#pragma warning restore CS0612
        }
        else
        {
            output.Dense = new DenseVector { Data = { vector } };
        }

        return new VectorsOutput { Vector = output };
    }

    private static RpcException Invalid(string detail) => new(new Status(StatusCode.InvalidArgument, detail));
}
