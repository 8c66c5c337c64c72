using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Compares an index with the store, and brings it in line. Others may write meanwhile, in this process or another: every write
/// changes the store first and the index after, so what is repaired is looked up in the store once more afterwards, and undone
/// when it is not true any more.
/// </summary>
public sealed class IndexReconciler(GalleryStore store, IndexState state, ILogger<IndexReconciler> logger)
{
    private const int Batch = 256;

    /// <param name="index">To be compared.</param>
    /// <param name="gallery">Of store or index.</param>
    /// <param name="withValues">Embeddings and persons too. Ids alone find what an interrupted write leaves behind: an id follows from the photo, so what it stands for does not change.</param>
    /// <param name="repair">Also brings the index in line; the drift is what it was before.</param>
    /// <param name="cancellationToken">Ends it half-way; it may be repeated.</param>
    public async Task<Drift> ReconcileAsync(IFaceIndex index, GalleryKey gallery, bool withValues, bool repair, CancellationToken cancellationToken)
    {
        if (await store.FindGalleryAsync(gallery, cancellationToken) is not { } row)
        {
            return await ReconcileGoneAsync(index, gallery, repair, cancellationToken);
        }

        if (repair && row.EmbeddingContract.Length > 0)
        {
            await index.PrepareAsync(gallery, new EmbeddingSpace(row.EmbeddingContract, row.Dimension), cancellationToken);
        }

        var held = new Dictionary<Guid, UInt128>();
        await foreach (var face in index.ReadAsync(gallery, withValues, cancellationToken))
        {
            held[face.FaceId] = face.Embedding is { } embedding ? Fingerprint(face.PersonId, embedding) : default;
        }

        long faces = 0;
        var damaged = new HashSet<Guid>();
        var (missing, changed) = (new List<Guid>(), new List<Guid>());
        if (withValues)
        {
            await foreach (var face in store.ReadVectorsAsync(gallery, Damaged, cancellationToken))
            {
                faces++;
                if (!held.Remove(face.FaceId, out var known))
                {
                    missing.Add(face.FaceId);
                }
                else if (known != Fingerprint(face.PersonId, face.Embedding))
                {
                    changed.Add(face.FaceId);
                }
            }
        }
        else
        {
            await foreach (var id in store.ReadFaceIdsAsync(gallery, cancellationToken))
            {
                faces++;
                if (!held.Remove(id))
                {
                    missing.Add(id);
                }
            }
        }

        var drift = new Drift(faces, 0, 0, changed.Count, 0);
        foreach (var batch in missing.Chunk(Batch))
        {
            drift += new Drift(0, await ReconcileMissingAsync(index, gallery, batch, Damaged, repair, cancellationToken), 0, 0, 0);
        }

        foreach (var batch in changed.Chunk(Batch).Where(_ => repair))
        {
            await AddAsync(index, gallery, batch, Damaged, cancellationToken);
        }

        foreach (var batch in held.Keys.Where(id => !damaged.Contains(id)).Chunk(Batch))
        {
            drift += new Drift(0, 0, await ReconcileExtraAsync(index, gallery, batch, Damaged, repair, cancellationToken), 0, 0);
        }

        state.SetDamaged(gallery, damaged.Count);
        drift = drift with { Faces = faces + (withValues ? damaged.Count : 0), Missing = drift.Missing - damaged.Count(missing.Contains), Damaged = damaged.Count };
        if (!drift.IsNone && drift.Missing < faces)
        {
            // An index that had nothing is being filled; that is no news.
            Log.IndexDrifted(logger, gallery.GalleryId, drift.Missing, drift.Extra, drift.Changed, repair);
        }

        return drift;

        void Damaged(Guid id, Contracts.Failures.FailureException failure)
        {
            if (damaged.Add(id))
            {
                Log.FaceDamaged(logger, gallery.GalleryId, failure.Message);
            }
        }
    }

    private static async Task<Drift> ReconcileGoneAsync(IFaceIndex index, GalleryKey gallery, bool repair, CancellationToken cancellationToken)
    {
        var extra = (await index.GetSizeAsync(gallery, cancellationToken)).Faces;
        if (repair)
        {
            await index.DeleteGalleryAsync(gallery, cancellationToken);
        }

        return new Drift(0, 0, extra, 0, 0);
    }

    // What was only just added by somebody is no drift.
    private async Task<long> ReconcileMissingAsync(
        IFaceIndex index, GalleryKey gallery, Guid[] ids, Action<Guid, Contracts.Failures.FailureException> damaged, bool repair, CancellationToken cancellationToken)
    {
        var there = await index.FindFacesAsync(gallery, ids, cancellationToken);
        var stored = await store.FindFaceIdsAsync(gallery, ids, cancellationToken);
        var missing = ids.Where(id => stored.Contains(id) && !there.Contains(id)).ToArray();
        if (missing.Length > 0 && repair)
        {
            await AddAsync(index, gallery, missing, damaged, cancellationToken);
        }
        else if (missing.Length > 0)
        {
            await store.FindVectorsAsync(gallery, missing, damaged, cancellationToken);
        }

        return missing.Length;
    }

    private async Task<long> ReconcileExtraAsync(
        IFaceIndex index, GalleryKey gallery, Guid[] ids, Action<Guid, Contracts.Failures.FailureException> damaged, bool repair, CancellationToken cancellationToken)
    {
        var stored = await store.FindFaceIdsAsync(gallery, ids, cancellationToken);
        var there = await index.FindFacesAsync(gallery, ids, cancellationToken);
        var extra = ids.Where(id => there.Contains(id) && !stored.Contains(id)).ToArray();
        if (extra.Length > 0 && repair)
        {
            await index.DeleteFacesAsync(gallery, extra, cancellationToken);
            var again = await store.FindFaceIdsAsync(gallery, extra, cancellationToken);
            if (again.Count > 0)
            {
                await AddAsync(index, gallery, [.. again], damaged, cancellationToken);
            }
        }

        return extra.Length;
    }

    private async Task AddAsync(
        IFaceIndex index, GalleryKey gallery, Guid[] ids, Action<Guid, Contracts.Failures.FailureException> damaged, CancellationToken cancellationToken)
    {
        var vectors = await store.FindVectorsAsync(gallery, ids, damaged, cancellationToken);
        if (vectors.Count == 0)
        {
            return;
        }

        await index.UpsertAsync(gallery, vectors, cancellationToken);
        var stored = await store.FindFaceIdsAsync(gallery, ids, cancellationToken);
        var gone = vectors.Select(face => face.FaceId).Where(id => !stored.Contains(id)).ToArray();
        if (gone.Length > 0)
        {
            await index.DeleteFacesAsync(gallery, gone, cancellationToken);
        }
    }

    private static UInt128 Fingerprint(string personId, float[] embedding)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(personId.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(embedding.AsSpan()));
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return MemoryMarshal.Read<UInt128>(bytes);
    }
}
