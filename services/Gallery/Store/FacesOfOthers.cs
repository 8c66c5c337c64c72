using FaceCloud.Contracts;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

/// <summary>
/// Faces that other jobs or calls gave the persons of a batch, for jobs that skip or replace. A job knows its own faces by their item
/// ids, which follow from job, person and photo: no clock is asked, and a redelivered message finds what it found before.
/// </summary>
internal sealed class FacesOfOthers
{
    private readonly GalleryKey _key;
    private readonly ILookup<string, FaceRow> _faces;
    private readonly HashSet<Guid> _gone = [];
    private readonly Dictionary<Guid, Guid> _takenOver = [];

    private FacesOfOthers(GalleryKey key, ILookup<string, FaceRow> faces) => (_key, _faces) = (key, faces);

    public static async Task<FacesOfOthers> ReadAsync(
        IQueryable<FaceRow> stored, GalleryKey key, IEnumerable<NewFace> batch, CancellationToken cancellationToken)
    {
        var persons = batch.Where(face => face.OnDuplicate != OnDuplicate.Enrol).Select(face => face.PersonId).ToHashSet(StringComparer.Ordinal);
        if (persons.Count == 0)
        {
            return new FacesOfOthers(key, Array.Empty<FaceRow>().ToLookup(row => row.PersonId, StringComparer.Ordinal));
        }

        var rows = await GalleryStore.WithoutEmbedding(stored.Where(row => persons.Contains(row.PersonId))).ToListAsync(cancellationToken);
        return new FacesOfOthers(key, rows.OrderBy(row => row.CreatedAt).ToLookup(row => row.PersonId, StringComparer.Ordinal));
    }

    /// <summary>A face that makes the job leave the person alone; null: it does not.</summary>
    public Guid? Keep(NewFace face) => face.OnDuplicate == OnDuplicate.Skip ? Of(face).FirstOrDefault()?.FaceId : null;

    /// <summary>Faces of the person that go now that this one is stored; a face that the person has already becomes the job's own.</summary>
    public IReadOnlyList<Guid> TakePlace(NewFace face, Guid faceId)
    {
        if (face.OnDuplicate != OnDuplicate.Replace || face.ItemId is not { } itemId)
        {
            return [];
        }

        var others = Of(face).Select(row => row.FaceId).ToList();
        if (others.Remove(faceId))
        {
            _takenOver[faceId] = itemId;
        }

        _gone.UnionWith(others);
        return others;
    }

    public async Task ApplyAsync(IQueryable<FaceRow> stored, CancellationToken cancellationToken)
    {
        if (_gone.Count > 0)
        {
            await stored.Where(row => _gone.Contains(row.FaceId)).ExecuteDeleteAsync(cancellationToken);
        }

        foreach (var (faceId, itemId) in _takenOver)
        {
            await stored.Where(row => row.FaceId == faceId).ExecuteUpdateAsync(set => set.SetProperty(row => row.ItemId, (Guid?)itemId), cancellationToken);
        }
    }

    private IEnumerable<FaceRow> Of(NewFace face) =>
        _faces[face.PersonId].Where(row => !_gone.Contains(row.FaceId) && !_takenOver.ContainsKey(row.FaceId) && !IsOwn(row, face));

    private bool IsOwn(FaceRow row, NewFace face) =>
        row.ItemId is { } itemId && face.JobId is { } jobId && itemId == FaceIds.Item(_key.TenantId, jobId, face.PersonId, row.PhotoSha256);
}
