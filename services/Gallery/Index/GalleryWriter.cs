using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Changes store and index together: when a call returns, both agree. An index that cannot follow now is found out before the store
/// is touched. The store goes first, being the truth; when it is not known whether both followed, the call fails and the gallery is
/// compared with the store until they agree. Where the index is shared, another process may have written in between: what was
/// changed is looked up in the store once more.
/// </summary>
public sealed class GalleryWriter(GalleryStore store, IFaceIndex index, IndexLoader loader, WriteLocks locks, TimeProvider time)
{
    /// <summary>Faces of one gallery, in one transaction; the answers are in the order of the faces.</summary>
    public async Task<IReadOnlyList<StoredFace>> AddFacesAsync(GalleryKey gallery, IReadOnlyList<NewFace> faces, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var stored = await ChangeAsync(
            gallery,
            faces.Count == 0 ? null : new EmbeddingSpace(faces[0].EmbeddingContract, faces[0].Embedding.Length),
            () => store.AddFacesAsync(gallery, faces, cancellationToken),
            async answers =>
            {
                // Those stored before by the same message too: that delivery may have ended between store and index.
                var added = faces.Zip(answers)
                    .Where(pair => pair.Second.State is StoredFaceState.Added or StoredFaceState.AddedBefore)
                    .Select(pair => new FaceVector(pair.Second.FaceId, pair.First.PersonId, pair.First.Embedding))
                    .ToList();
                if (added.Count > 0)
                {
                    using var activity = Telemetry.Source.StartActivity(Telemetry.IndexSpan);
                    await index.UpsertAsync(gallery, added, CancellationToken.None);
                    await TakeBackAsync(gallery, [.. added.Select(face => face.FaceId)]);
                }

                // Once more what is stored: a face of the batch may have come back after another took its place.
                var gone = answers.SelectMany(answer => answer.Replaced).ToHashSet();
                gone.ExceptWith(answers.Where(answer => answer.State == StoredFaceState.Added).Select(answer => answer.FaceId));
                if (gone.Count > 0)
                {
                    await index.DeleteFacesAsync(gallery, [.. gone], CancellationToken.None);
                }

                await AddMissingAsync(gallery, [.. answers.Where(answer => answer.State == StoredFaceState.Duplicate).Select(answer => answer.FaceId)]);
            },
            cancellationToken);
        Telemetry.RecordUpsert(time.GetElapsedTime(started));
        return stored;
    }

    /// <summary>A stored face that is about to be named to a client: when this returns, searches find it. Its first write may have failed half-way.</summary>
    public async Task RequireSearchableAsync(GalleryKey gallery, Guid faceId, CancellationToken cancellationToken)
    {
        using var writing = await locks.EnterAsync(gallery, cancellationToken);
        await AddMissingAsync(gallery, [faceId]);
    }

    /// <returns>False when there is no such face or gallery.</returns>
    public Task<bool> DeleteFaceAsync(GalleryKey gallery, Guid faceId, CancellationToken cancellationToken) =>
        ChangeAsync(
            gallery,
            null,
            () => store.DeleteFaceAsync(gallery, faceId, cancellationToken),
            async _ =>
            {
                await index.DeleteFacesAsync(gallery, [faceId], CancellationToken.None);
                if (index.IsShared)
                {
                    await AddMissingAsync(gallery, [faceId]);
                }
            },
            cancellationToken);

    /// <returns>False when there is no such person or gallery.</returns>
    public Task<bool> DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken) =>
        ChangeAsync(
            gallery,
            null,
            () => store.DeletePersonAsync(gallery, personId, cancellationToken),
            async _ =>
            {
                await index.DeletePersonAsync(gallery, personId, CancellationToken.None);
                if (index.IsShared && await store.FindPersonAsync(gallery, personId, CancellationToken.None) is not null)
                {
                    // Enrolled anew by another process meanwhile.
                    loader.Reload(gallery);
                }
            },
            cancellationToken);

    /// <returns>False when there is no such gallery.</returns>
    public Task<bool> DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken) =>
        ChangeAsync(
            gallery,
            null,
            () => store.DeleteGalleryAsync(gallery, cancellationToken),
            async _ =>
            {
                await index.DeleteGalleryAsync(gallery, CancellationToken.None);
                if (index.IsShared && await store.FindGalleryAsync(gallery, CancellationToken.None) is not null)
                {
                    loader.Reload(gallery);
                }
            },
            cancellationToken);

    private async Task AddMissingAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds)
    {
        if (faceIds.Count == 0)
        {
            return;
        }

        var held = await index.FindFacesAsync(gallery, faceIds, CancellationToken.None);
        var missing = faceIds.Where(id => !held.Contains(id)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var vectors = await store.FindVectorsAsync(gallery, missing, static (_, failure) => throw failure, CancellationToken.None);
        await index.UpsertAsync(gallery, vectors, CancellationToken.None);
        await TakeBackAsync(gallery, missing);
    }

    // Deleted by another process between our write of the store and that of the index.
    private async Task TakeBackAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds)
    {
        if (!index.IsShared)
        {
            return;
        }

        var stored = await store.FindFaceIdsAsync(gallery, faceIds, CancellationToken.None);
        if (stored.Count < faceIds.Count)
        {
            await index.DeleteFacesAsync(gallery, [.. faceIds.Where(id => !stored.Contains(id))], CancellationToken.None);
        }
    }

    private async Task<T> ChangeAsync<T>(
        GalleryKey gallery, EmbeddingSpace? space, Func<Task<T>> change, Func<T, Task> follow, CancellationToken cancellationToken)
    {
        using var writing = await locks.EnterAsync(gallery, cancellationToken);
        await index.PrepareAsync(gallery, space, cancellationToken);

        T result;
        try
        {
            result = await change();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or FailureException { Reason: not FailureReason.StoreUnavailable }))
        {
            loader.Reload(gallery);
            throw;
        }

        try
        {
            await follow(result);
            return result;
        }
        catch (FailureException exception) when (exception.Reason is FailureReason.IndexUnavailable or FailureReason.IndexRefused or FailureReason.IndexMismatch)
        {
            loader.Reload(gallery);
            throw new FailureException(exception.Reason, $"The change is stored, but searches do not see it yet: {exception.Message} It is repaired by itself; the call may be repeated.", exception);
        }
        catch
        {
            loader.Reload(gallery);
            throw;
        }
    }
}
