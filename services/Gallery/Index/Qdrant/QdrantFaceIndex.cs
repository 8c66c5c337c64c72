using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Qdrant.Client.Grpc;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>
/// The index in a Qdrant server or cluster, which any number of processes share. A face's id is its point's: ids follow from
/// gallery, person and photo, so no two galleries share one. Writes are applied before they return; a search of a process
/// that was told of another's write finds it. Searches are approximate unless Qdrant:Exact is set.
/// </summary>
internal sealed class QdrantFaceIndex : IFaceIndex
{
    private const int SearchesAtOnce = 8;
    private const int WriteAttempts = 3;

    private readonly Points.PointsClient _points;
    private readonly QdrantCollections _collections;
    private readonly IGalleryFacts _facts;
    private readonly QdrantOptions _options;

    /// <param name="invoker">Of a <see cref="QdrantChannel"/>.</param>
    /// <param name="facts">Contracts and sizes of galleries.</param>
    /// <param name="options">Validated.</param>
    /// <param name="isFresh">A new set of collections beside the one in use, until it is activated.</param>
    public QdrantFaceIndex(CallInvoker invoker, IGalleryFacts facts, IOptions<QdrantOptions> options, bool isFresh = false)
    {
        _points = new Points.PointsClient(invoker);
        _collections = new QdrantCollections(invoker, options, isFresh);
        _facts = facts;
        _options = options.Value;
    }

    public bool IsShared => true;

    public Task<bool> CheckAsync(CancellationToken cancellationToken) => _collections.CheckAsync(cancellationToken);

    public async Task PrepareAsync(GalleryKey gallery, EmbeddingSpace? space, CancellationToken cancellationToken)
    {
        var facts = await _facts.FindAsync(gallery, cancellationToken);
        if ((facts?.Space ?? space) is not { } needed)
        {
            // Nothing to follow; but an index that is away now would be away then.
            await _collections.CheckAsync(cancellationToken);
            return;
        }

        await _collections.EnsureAsync(needed, cancellationToken);
        if (facts is null)
        {
            // The first face of a gallery. One of that id may have been deleted while the index was away.
            await DeleteAsync(QdrantMessages.In(gallery), cancellationToken);
        }
    }

    public async Task UpsertAsync(GalleryKey gallery, IReadOnlyList<FaceVector> faces, CancellationToken cancellationToken)
    {
        if (faces.Count == 0)
        {
            return;
        }

        var space = (await _facts.FindAsync(gallery, cancellationToken))?.Space
            ?? throw new FailureException(FailureReason.GalleryNotFound, $"There is no gallery '{gallery.GalleryId}' with faces.");
        foreach (var face in faces)
        {
            var length = face.Embedding.Length == space.Dimension ? TensorPrimitives.SumOfSquares<float>(face.Embedding) : float.NaN;
            if (!float.IsFinite(length) || length == 0)
            {
                throw new ArgumentException($"Every embedding of this gallery must have {space.Dimension} finite values that are not all zero.", nameof(faces));
            }
        }

        var collection = await _collections.FindAsync(space, cancellationToken) ?? await _collections.EnsureAsync(space, cancellationToken);
        foreach (var batch in faces.Chunk(_options.Batch))
        {
            await WriteAsync(() => _points.UpsertAsync(
                new UpsertPoints
                {
                    CollectionName = collection,
                    Points = { batch.Select(face => QdrantMessages.Point(gallery, face)) },
                    Wait = true,
                    Ordering = QdrantMessages.Ordering(),
                    Timeout = QdrantMessages.Seconds(_options.WriteTimeout),
                },
                cancellationToken: cancellationToken));
        }
    }

    public async Task DeleteFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken)
    {
        foreach (var batch in faceIds.Chunk(_options.Batch))
        {
            await DeleteAsync(QdrantMessages.In(gallery, QdrantMessages.HasId(batch)), cancellationToken);
        }
    }

    public Task DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken) =>
        DeleteAsync(QdrantMessages.In(gallery, QdrantMessages.Is(QdrantMessages.PersonField, personId)), cancellationToken);

    public Task DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken) =>
        DeleteAsync(QdrantMessages.In(gallery), cancellationToken);

    public async Task ReplaceAsync(GalleryKey gallery, IAsyncEnumerable<FaceVector> faces, CancellationToken cancellationToken)
    {
        var kept = new HashSet<Guid>();
        await foreach (var batch in faces.Chunk(_options.Batch).WithCancellation(cancellationToken))
        {
            await UpsertAsync(gallery, batch, cancellationToken);
            kept.UnionWith(batch.Select(face => face.FaceId));
        }

        var others = await ReadAsync(gallery, withEmbeddings: false, cancellationToken).Select(face => face.FaceId).Where(id => !kept.Contains(id)).ToListAsync(cancellationToken);
        await DeleteFacesAsync(gallery, others, cancellationToken);
    }

    public async Task<IndexSize> GetSizeAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        var persons = new HashSet<string>(StringComparer.Ordinal);
        long faces = 0;
        await foreach (var face in ReadAsync(gallery, withEmbeddings: false, cancellationToken))
        {
            persons.Add(face.PersonId);
            faces++;
        }

        return new IndexSize(persons.Count, faces);
    }

    public async IAsyncEnumerable<IndexedFace> ReadAsync(
        GalleryKey gallery, bool withEmbeddings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var collection in await CollectionsAsync(gallery, cancellationToken))
        {
            await foreach (var point in ScrollAsync(collection, QdrantMessages.In(gallery), QdrantMessages.PersonField, withEmbeddings, cancellationToken))
            {
                yield return new IndexedFace(
                    QdrantMessages.ToGuid(point.Id),
                    point.Payload[QdrantMessages.PersonField].StringValue,
                    withEmbeddings ? QdrantMessages.Embedding(point.Vectors) : null);
            }
        }
    }

    public async Task<IReadOnlySet<Guid>> FindFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken)
    {
        var found = new HashSet<Guid>();
        var collections = await CollectionsAsync(gallery, cancellationToken);
        foreach (var (collection, batch) in collections.SelectMany(_ => faceIds.Chunk(_options.Batch), (name, batch) => (name, batch)))
        {
            var request = new GetPoints
            {
                CollectionName = collection,
                Ids = { batch.Select(QdrantMessages.ToId) },
                WithPayload = QdrantMessages.Payload(QdrantMessages.GalleryField),
                WithVectors = new WithVectorsSelector { Enable = false },
                Timeout = QdrantMessages.Seconds(_options.ReadTimeout),
            };
            if (QdrantMessages.Consistency(_options) is { } consistency)
            {
                request.ReadConsistency = consistency;
            }

            // Ids that are not there are missing in the answer.
            var reply = await _points.GetAsync(request, cancellationToken: cancellationToken);
            found.UnionWith(reply.Result
                .Where(point => point.Payload[QdrantMessages.GalleryField].StringValue == QdrantMessages.Name(gallery))
                .Select(point => QdrantMessages.ToGuid(point.Id)));
        }

        return found;
    }

    public async Task<IReadOnlyList<GalleryKey>> ListGalleriesAsync(IReadOnlySet<GalleryKey> except, CancellationToken cancellationToken)
    {
        var galleries = new HashSet<GalleryKey>();
        foreach (var collection in await _collections.ListAsync(cancellationToken))
        {
            var filter = except.Count == 0 ? null : QdrantMessages.NotIn(except);
            await foreach (var point in ScrollAsync(collection, filter, QdrantMessages.GalleryField, withVectors: false, cancellationToken))
            {
                galleries.Add(QdrantMessages.ToKey(point.Payload[QdrantMessages.GalleryField].StringValue));
            }
        }

        return [.. galleries];
    }

    public Task ActivateAsync(CancellationToken cancellationToken) => _collections.ActivateAsync(cancellationToken);

    public Task ClearAsync(CancellationToken cancellationToken) => _collections.ClearAsync(cancellationToken);

    public async Task<IndexSearch> SearchAsync(
        GalleryKey gallery, IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPersons, 1);
        var matches = new IReadOnlyList<PersonMatch>[probes.Count];
        Array.Fill(matches, []);
        var facts = await _facts.FindAsync(gallery, cancellationToken);
        if (facts is null || facts.Size.Faces == 0)
        {
            return new IndexSearch(matches, default);
        }

        for (var attempt = 1; ; attempt++)
        {
            var collection = await _collections.FindAsync(facts.Space, cancellationToken)
                ?? throw new FailureException(
                    FailureReason.IndexUnavailable, "The vector index (Qdrant) has lost a collection; it is filled again from the store. Try again in a few seconds.");
            try
            {
                await Parallel.ForAsync(
                    0,
                    probes.Count,
                    new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = SearchesAtOnce },
                    async (i, token) =>
                    {
                        // The server would refuse or misunderstand a probe that no face can be near to.
                        if (TensorPrimitives.IsFiniteAll<float>(probes[i]))
                        {
                            matches[i] = await new QdrantSearch(_points, _options, collection, gallery, probes[i]).RunAsync(maxPersons, facts.Size.Persons, token);
                        }
                    });
                return new IndexSearch(matches, facts.Size);
            }
            catch (FailureException exception) when (QdrantInterceptor.IsMissing(exception) && attempt == 1)
            {
                // The alias was turned to a rebuilt collection, and the old one dropped, in the middle of this search.
                _collections.Forget();
            }
        }
    }

    // That of the gallery's contract. Of a gallery that is no more, something may lie in any.
    private async Task<IReadOnlyList<string>> CollectionsAsync(GalleryKey gallery, CancellationToken cancellationToken) =>
        await _facts.FindAsync(gallery, cancellationToken) is not { } facts ? await _collections.ListAsync(cancellationToken)
        : await _collections.FindAsync(facts.Space, cancellationToken) is { } collection ? [collection]
        : [];

    // In every collection of ours: a gallery that was made again with another model may have left something in another one.
    private async Task DeleteAsync(Filter filter, CancellationToken cancellationToken)
    {
        foreach (var collection in await _collections.ListAsync(cancellationToken))
        {
            await WriteAsync(() => _points.DeleteAsync(
                new DeletePoints
                {
                    CollectionName = collection,
                    Points = new PointsSelector { Filter = filter },
                    Wait = true,
                    Ordering = QdrantMessages.Ordering(),
                    Timeout = QdrantMessages.Seconds(_options.WriteTimeout),
                },
                cancellationToken: cancellationToken));
        }
    }

    // Only what is completed can be searched: noted or timed out is not done, and may be repeated.
    private static async Task WriteAsync(Func<AsyncUnaryCall<PointsOperationResponse>> write)
    {
        for (var attempt = 0; attempt < WriteAttempts; attempt++)
        {
            using var call = write();
            if ((await call).Result?.Status == UpdateStatus.Completed)
            {
                return;
            }
        }

        throw new FailureException(FailureReason.IndexUnavailable, "The vector index (Qdrant) did not finish a write in time; it is repeated. Try again in a few seconds.");
    }

    private async IAsyncEnumerable<RetrievedPoint> ScrollAsync(
        string collection, Filter? filter, string field, bool withVectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PointId? from = null;
        do
        {
            var request = new ScrollPoints
            {
                CollectionName = collection,
                Limit = (uint)_options.Batch,
                WithPayload = QdrantMessages.Payload(field),
                WithVectors = new WithVectorsSelector { Enable = withVectors },
                Timeout = QdrantMessages.Seconds(_options.ReadTimeout),
            };
            if (filter is not null)
            {
                request.Filter = filter;
            }

            if (from is not null)
            {
                request.Offset = from;
            }

            if (QdrantMessages.Consistency(_options) is { } consistency)
            {
                request.ReadConsistency = consistency;
            }

            // The offset is the first id of the next page.
            var page = await _points.ScrollAsync(request, cancellationToken: cancellationToken);
            foreach (var point in page.Result)
            {
                yield return point;
            }

            from = page.NextPageOffset;
        }
        while (from is not null);
    }
}
