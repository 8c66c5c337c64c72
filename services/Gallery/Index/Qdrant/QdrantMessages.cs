using FaceCloud.Gallery.Store;
using Qdrant.Client.Grpc;
using Match = Qdrant.Client.Grpc.Match;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>The messages that we send, in one place. Each filter names a gallery: an empty one would mean everything.</summary>
internal static class QdrantMessages
{
    /// <summary>Tenant and gallery in one keyword; the index keeps each value's points together.</summary>
    public const string GalleryField = "gallery";

    public const string PersonField = "person";

    // No graph over all galleries, since no search is; one of this many links for each gallery that is worth one.
    private const ulong NoLinks = 0;
    private const ulong Links = 16;
    private const float Quantile = 0.99f;

    // Gallery ids have no slash.
    public static string Name(GalleryKey gallery) => $"{gallery.TenantId}/{gallery.GalleryId}";

    public static GalleryKey ToKey(string name) => name.LastIndexOf('/') is >= 0 and var slash ? new GalleryKey(name[..slash], name[(slash + 1)..]) : new GalleryKey("", name);

    public static Filter In(GalleryKey gallery, params ReadOnlySpan<Condition> also)
    {
        var filter = new Filter { Must = { Is(GalleryField, Name(gallery)) } };
        foreach (var condition in also)
        {
            filter.Must.Add(condition);
        }

        return filter;
    }

    public static Filter NotIn(IEnumerable<GalleryKey> galleries) =>
        new() { Must = { IsNoneOf(GalleryField, galleries.Select(Name)) } };

    public static Condition Is(string field, string value) =>
        new() { Field = new FieldCondition { Key = field, Match = new Match { Keyword = value } } };

    public static Condition IsAnyOf(string field, IEnumerable<string> values) =>
        new() { Field = new FieldCondition { Key = field, Match = new Match { Keywords = new RepeatedStrings { Strings = { values } } } } };

    public static Condition IsNoneOf(string field, IEnumerable<string> values) =>
        new() { Field = new FieldCondition { Key = field, Match = new Match { ExceptKeywords = new RepeatedStrings { Strings = { values } } } } };

    public static Condition HasId(IEnumerable<Guid> ids) => new() { HasId = new HasIdCondition { HasId = { ids.Select(ToId) } } };

    public static PointId ToId(Guid id) => new() { Uuid = id.ToString("D") };

    public static Guid ToGuid(PointId id) => Guid.Parse(id.Uuid);

    public static PointStruct Point(GalleryKey gallery, FaceVector face) => new()
    {
        Id = ToId(face.FaceId),
        Payload = { [GalleryField] = new Value { StringValue = Name(gallery) }, [PersonField] = new Value { StringValue = face.PersonId } },
        Vectors = new Vectors { Vector = new Vector { Dense = new DenseVector { Data = { face.Embedding } } } },
    };

    public static float[] Embedding(VectorsOutput? vectors)
    {
        if (vectors?.Vector is not { } vector)
        {
            return [];
        }

        // Servers up to 1.16 answer in the older field.
#pragma warning disable CS0612
        return vector.Dense is { } dense ? [.. dense.Data] : [.. vector.Data];
#pragma warning restore CS0612
    }

    public static WithPayloadSelector Payload(params ReadOnlySpan<string> fields)
    {
        var selector = new WithPayloadSelector { Include = new PayloadIncludeSelector() };
        foreach (var field in fields)
        {
            selector.Include.Fields.Add(field);
        }

        return selector;
    }

    public static ReadConsistency? Consistency(QdrantOptions options) => options.ReadConsistency switch
    {
        QdrantReadConsistency.Automatic when options.ReplicationFactor > 1 => new ReadConsistency { Type = ReadConsistencyType.Majority },
        QdrantReadConsistency.Majority => new ReadConsistency { Type = ReadConsistencyType.Majority },
        QdrantReadConsistency.Quorum => new ReadConsistency { Type = ReadConsistencyType.Quorum },
        QdrantReadConsistency.All => new ReadConsistency { Type = ReadConsistencyType.All },
        _ => null,
    };

    /// <summary>Two writers of one point must not leave its copies different.</summary>
    public static WriteOrdering Ordering() => new() { Type = WriteOrderingType.Medium };

    /// <summary>Whole seconds, as the server takes them.</summary>
    public static ulong Seconds(TimeSpan time) => (ulong)Math.Max(1, Math.Ceiling(time.TotalSeconds));

    public static CreateCollection Collection(string name, int dimension, QdrantOptions options)
    {
        // Dot, not Cosine: our embeddings have unit length, so it is the cosine, and they are kept to the last bit.
        var collection = new CreateCollection
        {
            CollectionName = name,
            VectorsConfig = new VectorsConfig { Params = new VectorParams { Size = (ulong)dimension, Distance = Distance.Dot } },
            HnswConfig = new HnswConfigDiff { M = NoLinks, PayloadM = Links },
            ReplicationFactor = (uint)options.ReplicationFactor,
            WriteConsistencyFactor = (uint)(options.WriteConsistencyFactor ?? ((options.ReplicationFactor / 2) + 1)),
            Timeout = Seconds(options.WriteTimeout),
        };
        if (options.Shards is { } shards)
        {
            collection.ShardNumber = (uint)shards;
        }

        SetMemory(collection, options);
        return collection;
    }

    public static CreateFieldIndexCollection Index(string collection, string field, bool isTenant) => new()
    {
        CollectionName = collection,
        FieldName = field,
        FieldType = FieldType.Keyword,
        FieldIndexParams = new PayloadIndexParams { KeywordIndexParams = new KeywordIndexParams { IsTenant = isTenant } },
        Wait = true,
        Ordering = Ordering(),
    };

    // Where things are kept: newer versions of the package mark these fields obsolete.
#pragma warning disable CS0612
    private static void SetMemory(CreateCollection collection, QdrantOptions options)
    {
        collection.VectorsConfig.Params.OnDisk = options.VectorsOnDisk;
        if (options.Quantization)
        {
            collection.QuantizationConfig = new QuantizationConfig
            {
                Scalar = new ScalarQuantization { Type = QuantizationType.Int8, Quantile = Quantile, AlwaysRam = true },
            };
        }
    }
#pragma warning restore CS0612
}
