using FaceCloud.Contracts.Failures;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

/// <content>A gallery read at one moment, and persons of a backup written.</content>
public sealed partial class GalleryStore
{
    /// <summary>The caller holds the gallery's write lock until this returns, so that nothing is half-way to being written.</summary>
    /// <exception cref="FailureException">GalleryNotFound, StoreUnavailable.</exception>
    public async Task<StoreSnapshot> OpenSnapshotAsync(GalleryKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreSnapshot.OpenAsync(contexts, key, cancellationToken) ?? throw NoGallery(key);
        }
        catch (Exception exception) when (StoreFailures.IsAway(exception))
        {
            throw StoreFailures.Away(exception);
        }
    }

    /// <summary>Adds the persons that are not there; those that are stay as they are. One transaction.</summary>
    /// <exception cref="FailureException">GalleryNotFound, StoreUnavailable.</exception>
    internal async Task<PersonsAdded> AddPersonsAsync(GalleryKey key, IReadOnlyList<PersonRow> persons, Acceptance acceptance, CancellationToken cancellationToken) =>
        await WriteAsync<PersonsAdded?>(
            key,
            async store =>
            {
                var ids = persons.Select(person => person.PersonId).ToHashSet(StringComparer.Ordinal);
                var deletions = await Deletions(store, key, ids)
                    .Where(row => row.FaceId == Guid.Empty)
                    .ToDictionaryAsync(row => row.PersonId, row => row.DeletedAt, StringComparer.Ordinal, cancellationToken);
                var galleryDeleted = acceptance.GalleryDeletedSince(Deleted(""));
                var known = await Persons(store, key)
                    .Where(row => ids.Contains(row.PersonId))
                    .Select(row => row.PersonId)
                    .ToHashSetAsync(StringComparer.Ordinal, cancellationToken);

                var (added, present, deleted) = (0, 0, 0);
                foreach (var person in persons)
                {
                    if (!known.Add(person.PersonId))
                    {
                        present++;
                    }
                    else if (galleryDeleted || acceptance.PersonDeletedSince(Deleted(person.PersonId)))
                    {
                        deleted++;
                    }
                    else
                    {
                        store.Persons.Add(person);
                        added++;
                    }
                }

                await store.SaveChangesAsync(cancellationToken);
                return new PersonsAdded(added, present, deleted);

                DateTimeOffset? Deleted(string personId) => deletions.TryGetValue(personId, out var at) ? at : null;
            },
            otherwise: null,
            cancellationToken) ?? throw NoGallery(key);
}
