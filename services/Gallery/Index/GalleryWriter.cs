using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Changes store and index together: when a call returns, both agree. The store goes first, being the truth;
/// when it is not known whether both followed, the gallery is read again from the store.
/// </summary>
public sealed class GalleryWriter(GalleryStore store, IFaceIndex index, IndexLoader loader, WriteLocks locks, TimeProvider time)
{
    /// <summary>Faces of one gallery, in one transaction; the answers are in the order of the faces.</summary>
    public async Task<IReadOnlyList<StoredFace>> AddFacesAsync(GalleryKey gallery, IReadOnlyList<NewFace> faces, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var stored = await ChangeAsync(
            gallery,
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
                }
            },
            cancellationToken);
        Telemetry.RecordUpsert(time.GetElapsedTime(started));
        return stored;
    }

    /// <returns>False when there is no such face or gallery.</returns>
    public Task<bool> DeleteFaceAsync(GalleryKey gallery, Guid faceId, CancellationToken cancellationToken) =>
        ChangeAsync(
            gallery,
            () => store.DeleteFaceAsync(gallery, faceId, cancellationToken),
            _ => index.DeleteFacesAsync(gallery, [faceId], CancellationToken.None),
            cancellationToken);

    /// <returns>False when there is no such person or gallery.</returns>
    public Task<bool> DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken) =>
        ChangeAsync(
            gallery,
            () => store.DeletePersonAsync(gallery, personId, cancellationToken),
            _ => index.DeletePersonAsync(gallery, personId, CancellationToken.None),
            cancellationToken);

    /// <returns>False when there is no such gallery.</returns>
    public Task<bool> DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken) =>
        ChangeAsync(
            gallery,
            () => store.DeleteGalleryAsync(gallery, cancellationToken),
            _ => index.DeleteGalleryAsync(gallery, CancellationToken.None),
            cancellationToken);

    private async Task<T> ChangeAsync<T>(GalleryKey gallery, Func<Task<T>> change, Func<T, Task> follow, CancellationToken cancellationToken)
    {
        using var writing = await locks.EnterAsync(gallery, cancellationToken);
        try
        {
            var result = await change();
            await follow(result);
            return result;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or FailureException { Reason: not FailureReason.StoreUnavailable }))
        {
            loader.Reload(gallery);
            throw;
        }
    }
}
