using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FaceCloud.Contracts.Failures;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Qdrant.Client.Grpc;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>
/// One collection for each embedding contract, named by an alias that all processes use. A fresh set is filled under names of
/// its own until <see cref="ActivateAsync"/> turns the aliases to it: <c>facecloud.model-1-0123456789ab.5f3a9c01</c> is the alias,
/// with <c>.1</c>, <c>.2</c>, … behind it the collection.
/// </summary>
internal sealed class QdrantCollections(CallInvoker invoker, IOptions<QdrantOptions> options, bool isFresh)
{
    private const int MaxSlug = 120;

    private readonly Collections.CollectionsClient _collections = new(invoker);
    private readonly Points.PointsClient _points = new(invoker);
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private volatile bool _isFresh = isFresh;

    /// <returns>The name to use in calls; null when there is no such collection.</returns>
    public async Task<string?> FindAsync(EmbeddingSpace space, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(space.Contract, out var known))
        {
            return known.Used;
        }

        var alias = Alias(space.Contract);
        var collection = await PhysicalAsync(alias, cancellationToken);
        if (collection is null)
        {
            return null;
        }

        await CheckShapeAsync(collection, space, cancellationToken);
        return Remember(space.Contract, alias, collection);
    }

    /// <summary>Makes what is missing, and tries whether points may be written.</summary>
    public async Task<string> EnsureAsync(EmbeddingSpace space, CancellationToken cancellationToken)
    {
        var alias = Alias(space.Contract);
        if (_known.TryGetValue(space.Contract, out var known) && await PhysicalAsync(alias, cancellationToken) == known.Collection)
        {
            return known.Used;
        }

        var collection = await PhysicalAsync(alias, cancellationToken) ?? await MakeAsync(alias, space, cancellationToken);
        await CheckShapeAsync(collection, space, cancellationToken);

        // A key that may only read is found out here, and not after the store has been written to.
        await _points.DeleteAsync(
            new DeletePoints
            {
                CollectionName = collection,
                Points = new PointsSelector { Points = new PointsIdsList { Ids = { QdrantMessages.ToId(Guid.Empty) } } },
                Wait = true,
                Ordering = QdrantMessages.Ordering(),
            },
            cancellationToken: cancellationToken);
        return Remember(space.Contract, alias, collection);
    }

    /// <summary>Names to use of all collections of ours, of every contract.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        _isFresh
            ? [.. _known.Values.Select(known => known.Used)]
            : [.. (await OwnAliasesAsync(cancellationToken)).Select(alias => alias.AliasName)];

    /// <returns>False when a collection that was in use is gone.</returns>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        var aliases = (await OwnAliasesAsync(cancellationToken)).Select(alias => alias.AliasName).ToHashSet(StringComparer.Ordinal);
        if (_isFresh)
        {
            return true;
        }

        var lost = _known.Where(entry => !aliases.Contains(entry.Value.Used)).Select(entry => entry.Key).ToList();
        lost.ForEach(contract => _known.TryRemove(contract, out _));
        return lost.Count == 0;
    }

    public async Task ActivateAsync(CancellationToken cancellationToken)
    {
        if (!_isFresh)
        {
            return;
        }

        var old = (await OwnAliasesAsync(cancellationToken)).ToDictionary(alias => alias.AliasName, alias => alias.CollectionName, StringComparer.Ordinal);
        var turned = new ChangeAliases { Timeout = QdrantMessages.Seconds(options.Value.WriteTimeout) };
        foreach (var (contract, known) in _known)
        {
            var alias = Alias(contract);
            turned.Actions.Add(new AliasOperations { CreateAlias = new CreateAlias { AliasName = alias, CollectionName = known.Collection } });
        }

        if (turned.Actions.Count > 0)
        {
            await _collections.UpdateAliasesAsync(turned, cancellationToken: cancellationToken);
        }

        var contracts = _known.Keys.ToList();
        foreach (var contract in contracts)
        {
            _known[contract] = _known[contract] with { Used = Alias(contract) };
        }

        _isFresh = false;

        // Contracts that no gallery uses any more have no fresh collection; their old ones go with the rest.
        foreach (var collection in old.Values.Except(_known.Values.Select(known => known.Collection), StringComparer.Ordinal))
        {
            await _collections.DeleteAsync(new DeleteCollection { CollectionName = collection }, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Drops all collections of ours; of a fresh set only those that are in nobody's use, older attempts' included.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        var aliased = (await OwnAliasesAsync(cancellationToken)).Select(alias => alias.CollectionName).ToHashSet(StringComparer.Ordinal);
        foreach (var collection in (await OwnCollectionsAsync(cancellationToken)).Where(name => !_isFresh || !aliased.Contains(name)))
        {
            await _collections.DeleteAsync(new DeleteCollection { CollectionName = collection }, cancellationToken: cancellationToken);
        }

        _known.Clear();
    }

    public void Forget() => _known.Clear();

    private async Task<string?> PhysicalAsync(string alias, CancellationToken cancellationToken)
    {
        if (!_isFresh)
        {
            return (await OwnAliasesAsync(cancellationToken)).FirstOrDefault(known => known.AliasName == alias)?.CollectionName;
        }

        var current = (await OwnAliasesAsync(cancellationToken)).FirstOrDefault(known => known.AliasName == alias)?.CollectionName;
        var next = $"{alias}.{Generation(current) + 1}";
        return (await OwnCollectionsAsync(cancellationToken)).Contains(next) ? next : null;
    }

    // Safe to run in two processes at once: both make the same.
    private async Task<string> MakeAsync(string alias, EmbeddingSpace space, CancellationToken cancellationToken)
    {
        var current = (await OwnAliasesAsync(cancellationToken)).FirstOrDefault(known => known.AliasName == alias)?.CollectionName;
        if (!_isFresh && current is not null)
        {
            // By another process since the caller looked: the next generation would be a second one.
            return current;
        }

        var collection = $"{alias}.{Generation(current) + 1}";
        try
        {
            await _collections.CreateAsync(QdrantMessages.Collection(collection, space.Dimension, options.Value), cancellationToken: cancellationToken);
        }
        catch (FailureException exception) when (QdrantInterceptor.IsThere(exception))
        {
            // By another process just now, or left by one that was stopped; its shape is looked at by the caller.
        }

        await _points.CreateFieldIndexAsync(QdrantMessages.Index(collection, QdrantMessages.GalleryField, isTenant: true), cancellationToken: cancellationToken);
        await _points.CreateFieldIndexAsync(QdrantMessages.Index(collection, QdrantMessages.PersonField, isTenant: false), cancellationToken: cancellationToken);
        if (!_isFresh)
        {
            await _collections.UpdateAliasesAsync(
                new ChangeAliases { Actions = { new AliasOperations { CreateAlias = new CreateAlias { AliasName = alias, CollectionName = collection } } } },
                cancellationToken: cancellationToken);
        }

        return collection;
    }

    private async Task CheckShapeAsync(string collection, EmbeddingSpace space, CancellationToken cancellationToken)
    {
        var info = await _collections.GetAsync(new GetCollectionInfoRequest { CollectionName = collection }, cancellationToken: cancellationToken);
        var vectors = info.Result?.Config?.Params?.VectorsConfig?.Params;
        if (vectors is null || vectors.Size != (ulong)space.Dimension || vectors.Distance != Distance.Dot)
        {
            throw new FailureException(
                FailureReason.IndexMismatch,
                $"The collection '{collection}' of the vector index (Qdrant) holds vectors of {vectors?.Size ?? 0} values ({vectors?.Distance ?? Distance.UnknownDistance}); "
                + $"the model {space.Contract} gives {space.Dimension} (Dot). Whoever runs it must rebuild it (facecloud index rebuild).");
        }

        foreach (var field in new[] { QdrantMessages.GalleryField, QdrantMessages.PersonField }.Where(field => !info.Result!.PayloadSchema.ContainsKey(field)))
        {
            await _points.CreateFieldIndexAsync(
                QdrantMessages.Index(collection, field, isTenant: field == QdrantMessages.GalleryField), cancellationToken: cancellationToken);
        }
    }

    private async Task<List<AliasDescription>> OwnAliasesAsync(CancellationToken cancellationToken)
    {
        var all = await _collections.ListAliasesAsync(new ListAliasesRequest(), cancellationToken: cancellationToken);
        return [.. all.Aliases.Where(alias => IsOwn(alias.AliasName))];
    }

    private async Task<List<string>> OwnCollectionsAsync(CancellationToken cancellationToken)
    {
        var all = await _collections.ListAsync(new ListCollectionsRequest(), cancellationToken: cancellationToken);
        return [.. all.Collections.Select(collection => collection.Name).Where(IsOwn)];
    }

    // A prefix has no dot: another installation's longer prefix is not ours.
    private bool IsOwn(string name) => name.StartsWith(options.Value.Prefix + ".", StringComparison.Ordinal);

    // Names may not hold every character that a contract may: the hash tells apart what then looks the same.
    private string Alias(string contract)
    {
        var slug = string.Concat(contract.Take(MaxSlug).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-'));
        return $"{options.Value.Prefix}.{slug}.{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(contract.AsSpan())).AsSpan(0, 4))}";
    }

    private static int Generation(string? collection) =>
        collection is not null && int.TryParse(collection[(collection.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture, out var number) ? number : 0;

    private string Remember(string contract, string alias, string collection)
    {
        var used = _isFresh ? collection : alias;
        _known[contract] = new Known(used, collection);
        return used;
    }

    private sealed record Known(string Used, string Collection);
}
