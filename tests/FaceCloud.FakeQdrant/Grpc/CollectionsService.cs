using FaceCloud.FakeQdrant.Storage;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Grpc;

internal sealed class CollectionsService(Database database) : Collections.CollectionsBase
{
    public override Task<CollectionOperationResponse> Create(CreateCollection request, ServerCallContext context) =>
        Task.FromResult(database.Change(data =>
        {
            var name = request.CollectionName;
            if (name.Length is 0 or > 255 || name.IndexOfAny(['<', '>', ':', '"', '/', '\\', '|', '?', '*', '\0', '\x1F']) >= 0)
            {
                throw Invalid($"Validation error in body: [collection_name: {name}]");
            }

            if (request.VectorsConfig?.Params is not { Size: >= 1 and <= 65536 } vectors)
            {
                throw Invalid("Validation error in body: [vectors_config.size]");
            }

            if (data.Collections.ContainsKey(name) || data.Aliases.ContainsKey(name))
            {
                throw new RpcException(new Status(StatusCode.AlreadyExists, $"Wrong input: Collection `{name}` already exists!"));
            }

            if (request.HasReplicationFactor && request.ReplicationFactor == 0)
            {
                throw Invalid("Validation error in body: [replication_factor]");
            }

            data.Collections[name] = new StoredCollection
            {
                Size = (int)vectors.Size,
                Distance = vectors.Distance switch
                {
                    Distance.Cosine => StoredDistance.Cosine,
                    Distance.Euclid => StoredDistance.Euclid,
                    Distance.Dot => StoredDistance.Dot,
                    Distance.Manhattan => StoredDistance.Manhattan,
                    _ => throw Invalid("Bad request: unknown distance"),
                },
                IsQuantised = (vectors.QuantizationConfig ?? request.QuantizationConfig)?.Scalar is not null,
                Request = request,
            };
            return new CollectionOperationResponse { Result = true };
        }));

    public override Task<CollectionOperationResponse> Delete(DeleteCollection request, ServerCallContext context) =>
        Task.FromResult(database.Change(data =>
        {
            foreach (var alias in data.Aliases.Where(alias => alias.Value == request.CollectionName).Select(alias => alias.Key).ToList())
            {
                data.Aliases.Remove(alias);
            }

            return new CollectionOperationResponse { Result = data.Collections.Remove(request.CollectionName) };
        }));

    public override Task<GetCollectionInfoResponse> Get(GetCollectionInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetCollectionInfoResponse
        {
            Result = database.ReadCollection(request.CollectionName, collection => new CollectionInfo
            {
                Status = CollectionStatus.Green,
                OptimizerStatus = new OptimizerStatus { Ok = true },
                PointsCount = (ulong)collection.Points.Count,
                Config = new CollectionConfig
                {
                    Params = new CollectionParams
                    {
                        ShardNumber = 1,
                        VectorsConfig = new VectorsConfig { Params = new VectorParams { Size = (ulong)collection.Size, Distance = Enum.Parse<Distance>(collection.Distance.ToString()) } },
                    },
                    QuantizationConfig = collection.Request?.QuantizationConfig,
                },
                PayloadSchema =
                {
                    collection.Indexes.ToDictionary(index => index.Key, index => new PayloadSchemaInfo { DataType = PayloadSchemaType.Keyword, Params = index.Value }),
                },
            }),
        });

    public override Task<ListCollectionsResponse> List(ListCollectionsRequest request, ServerCallContext context) =>
        Task.FromResult(database.Read(data => new ListCollectionsResponse { Collections = { data.Collections.Keys.Select(name => new CollectionDescription { Name = name }) } }));

    // Each action is kept as it runs: an error half way does not undo those before it.
    public override Task<CollectionOperationResponse> UpdateAliases(ChangeAliases request, ServerCallContext context) =>
        Task.FromResult(database.Change(data =>
        {
            foreach (var action in request.Actions)
            {
                switch (action.ActionCase)
                {
                    case AliasOperations.ActionOneofCase.CreateAlias when data.Collections.ContainsKey(action.CreateAlias.AliasName):
                        throw new RpcException(new Status(StatusCode.AlreadyExists, $"Wrong input: Collection `{action.CreateAlias.AliasName}` already exists!"));
                    case AliasOperations.ActionOneofCase.CreateAlias when !data.Collections.ContainsKey(action.CreateAlias.CollectionName):
                        throw new RpcException(new Status(StatusCode.NotFound, $"Not found: Collection `{action.CreateAlias.CollectionName}` doesn't exist!"));
                    case AliasOperations.ActionOneofCase.CreateAlias:
                        data.Aliases[action.CreateAlias.AliasName] = action.CreateAlias.CollectionName;
                        break;
                    case AliasOperations.ActionOneofCase.DeleteAlias:
                        data.Aliases.Remove(action.DeleteAlias.AliasName);
                        break;
                    default:
                        throw Invalid("Bad request: unknown alias action");
                }
            }

            return new CollectionOperationResponse { Result = true };
        }));

    public override Task<ListAliasesResponse> ListAliases(ListAliasesRequest request, ServerCallContext context) =>
        Task.FromResult(database.Read(data => new ListAliasesResponse
        {
            Aliases = { data.Aliases.Select(alias => new AliasDescription { AliasName = alias.Key, CollectionName = alias.Value }) },
        }));

    private static RpcException Invalid(string detail) => new(new Status(StatusCode.InvalidArgument, detail));
}
