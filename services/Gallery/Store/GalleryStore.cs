using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Store;

/// <summary>
/// Galleries, persons and faces in the database. Every query is scoped by tenant. Writes of persons and faces first raise
/// the gallery's revision, which locks its row: writers of all processes stand in one line per gallery.
/// Only <see cref="Index.GalleryWriter"/> may call what changes faces, since the index must follow.
/// </summary>
public sealed partial class GalleryStore(IDbContextFactory<GalleryDbContext> contexts, IOptions<GalleryOptions> options, TimeProvider time)
{
    // Faces from which on several readers are worth their connections; how many readers; faces that a reader hands over at once.
    private const int WorthSharing = 4096;
    private const int MaxReaders = 8;
    private const int ReadBatch = 512;

    // ---- galleries ----

    /// <returns>False when the id is taken.</returns>
    public Task<bool> CreateGalleryAsync(GalleryRow gallery, CancellationToken cancellationToken) =>
        RunAsync(
            async store =>
            {
                if (await Gallery(store, new GalleryKey(gallery.TenantId, gallery.GalleryId)).AnyAsync(cancellationToken))
                {
                    return false;
                }

                store.Galleries.Add(gallery);
                try
                {
                    await store.SaveChangesAsync(cancellationToken);
                }
                catch (DbUpdateException exception) when (StoreFailures.IsUniqueViolation(exception))
                {
                    return false;
                }

                return true;
            },
            cancellationToken);

    public Task<GalleryRow?> FindGalleryAsync(GalleryKey key, CancellationToken cancellationToken) =>
        RunAsync(store => Gallery(store, key).AsNoTracking().SingleOrDefaultAsync(cancellationToken), cancellationToken);

    /// <exception cref="FailureException">GalleryNotFound.</exception>
    public async Task<GalleryRow> GetGalleryAsync(GalleryKey key, CancellationToken cancellationToken) =>
        await FindGalleryAsync(key, cancellationToken) ?? throw NoGallery(key);

    public Task<GallerySummary?> SummarizeGalleryAsync(GalleryKey key, CancellationToken cancellationToken) =>
        RunAsync(
            async store => (await SummarizeAsync(store, Gallery(store, key), cancellationToken)).SingleOrDefault(),
            cancellationToken);

    /// <summary>By id, those after <paramref name="after"/>.</summary>
    public Task<IReadOnlyList<GallerySummary>> ListGalleriesAsync(string tenantId, string after, int count, CancellationToken cancellationToken) =>
        RunAsync(
            store => SummarizeAsync(
                store,
                store.Galleries
                    .Where(row => row.TenantId == tenantId && string.Compare(row.GalleryId, after) > 0)
                    .OrderBy(row => row.GalleryId)
                    .Take(count),
                cancellationToken),
            cancellationToken);

    /// <returns>False when there is no such gallery.</returns>
    public Task<bool> UpdateGalleryAsync(GalleryKey key, Action<GalleryRow> change, CancellationToken cancellationToken) =>
        RunAsync(
            async store =>
            {
                var gallery = await Gallery(store, key).SingleOrDefaultAsync(cancellationToken);
                if (gallery is null)
                {
                    return false;
                }

                change(gallery);
                try
                {
                    await store.SaveChangesAsync(cancellationToken);
                }
                catch (DbUpdateConcurrencyException)
                {
                    // Deleted between the read and the write.
                    return false;
                }

                return true;
            },
            cancellationToken);

    /// <returns>False when there is no such gallery.</returns>
    internal Task<bool> DeleteGalleryAsync(GalleryKey key, CancellationToken cancellationToken) =>
        WriteAsync(
            key,
            async store =>
            {
                // What was deleted in the gallery is covered by the gallery's own deletion, which is later.
                await store.Deletions
                    .Where(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId && row.PersonId != "")
                    .ExecuteDeleteAsync(cancellationToken);
                await RememberDeletionAsync(store, key, "", Guid.Empty, cancellationToken);
                await Gallery(store, key).ExecuteDeleteAsync(cancellationToken);
                return true;
            },
            otherwise: false,
            cancellationToken);

    // ---- persons ----

    /// <returns>Null when there is no such gallery.</returns>
    public Task<PersonSummary?> UpsertPersonAsync(PersonRow person, CancellationToken cancellationToken)
    {
        var key = new GalleryKey(person.TenantId, person.GalleryId);
        return WriteAsync(
            key,
            async store =>
            {
                var known = await Person(store, key, person.PersonId).SingleOrDefaultAsync(cancellationToken);
                if (known is null)
                {
                    store.Persons.Add(known = person);
                }
                else
                {
                    known.Name = person.Name;
                    known.ExternalId = person.ExternalId;
                    known.Metadata = person.Metadata;
                }

                await store.SaveChangesAsync(cancellationToken);
                var faces = await Faces(store, key).CountAsync(face => face.PersonId == person.PersonId, cancellationToken);
                return new PersonSummary(known, faces);
            },
            otherwise: null,
            cancellationToken);
    }

    public Task<PersonSummary?> FindPersonAsync(GalleryKey key, string personId, CancellationToken cancellationToken) =>
        RunAsync(
            async store => (await SummarizeAsync(store, key, Person(store, key, personId), cancellationToken)).SingleOrDefault(),
            cancellationToken);

    /// <summary>By id, those after <paramref name="after"/>.</summary>
    public Task<IReadOnlyList<PersonSummary>> ListPersonsAsync(GalleryKey key, string after, int count, CancellationToken cancellationToken) =>
        RunAsync(
            store => SummarizeAsync(
                store,
                key,
                Persons(store, key)
                    .Where(row => string.Compare(row.PersonId, after) > 0)
                    .OrderBy(row => row.PersonId)
                    .Take(count),
                cancellationToken),
            cancellationToken);

    /// <summary>Those of the given persons that exist, by id.</summary>
    public Task<Dictionary<string, PersonRow>> FindPersonsAsync(GalleryKey key, IReadOnlyCollection<string> personIds, CancellationToken cancellationToken) =>
        RunAsync(
            store => Persons(store, key)
                .AsNoTracking()
                .Where(row => personIds.Contains(row.PersonId))
                .ToDictionaryAsync(row => row.PersonId, StringComparer.Ordinal, cancellationToken),
            cancellationToken);

    /// <returns>False when there is no such person or gallery.</returns>
    internal Task<bool> DeletePersonAsync(GalleryKey key, string personId, CancellationToken cancellationToken) =>
        WriteAsync(
            key,
            async store =>
            {
                if (await Person(store, key, personId).ExecuteDeleteAsync(cancellationToken) == 0)
                {
                    return false;
                }

                await RememberDeletionAsync(store, key, personId, Guid.Empty, cancellationToken);
                return true;
            },
            otherwise: false,
            cancellationToken);

    // ---- faces ----

    public Task<FaceRow?> FindFaceAsync(GalleryKey key, Guid faceId, CancellationToken cancellationToken) =>
        RunAsync(
            store => Faces(store, key).AsNoTracking().SingleOrDefaultAsync(row => row.FaceId == faceId, cancellationToken),
            cancellationToken);

    /// <summary>By id, those after <paramref name="after"/>; without embeddings.</summary>
    public Task<IReadOnlyList<FaceRow>> ListFacesAsync(GalleryKey key, string? personId, Guid? after, int count, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<FaceRow>>(
            async store =>
            {
                var faces = Faces(store, key);
                if (personId is not null)
                {
                    faces = faces.Where(row => row.PersonId == personId);
                }

                if (after is { } last)
                {
                    faces = faces.Where(row => row.FaceId > last);
                }

                return await WithoutEmbedding(faces.OrderBy(row => row.FaceId).Take(count)).ToListAsync(cancellationToken);
            },
            cancellationToken);

    /// <summary>All faces of one person, with embeddings.</summary>
    /// <exception cref="FailureException">FaceDamaged.</exception>
    public Task<IReadOnlyList<FaceVector>> GetPersonVectorsAsync(GalleryKey key, string personId, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<FaceVector>>(
            async store =>
            {
                var dimension = await Gallery(store, key).Select(row => row.Dimension).SingleOrDefaultAsync(cancellationToken);
                return await Faces(store, key)
                    .Where(row => row.PersonId == personId)
                    .OrderBy(row => row.FaceId)
                    .Select(row => new FaceVector(row.FaceId, row.PersonId, StoredEmbedding.Read(row.FaceId, row.Embedding, dimension)))
                    .ToListAsync(cancellationToken);
            },
            cancellationToken);

    /// <summary>What an interactive enrolment must know before it looks at the photo: deletions so far, and the gallery.</summary>
    /// <exception cref="FailureException">GalleryNotFound.</exception>
    public Task<(GalleryRow Gallery, Acceptance Acceptance)> BeginEnrolmentAsync(GalleryKey key, string personId, CancellationToken cancellationToken) =>
        RunAsync(
            async store =>
            {
                // The deletions first: one that comes between the two reads is then seen as new, never missed.
                var deletions = await Deletions(store, key, [personId]).ToListAsync(cancellationToken);
                var gallery = await Gallery(store, key).AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? throw NoGallery(key);
                var acceptance = Acceptance.Seen(
                    deletions.SingleOrDefault(row => row.PersonId.Length == 0)?.DeletedAt,
                    deletions.SingleOrDefault(row => row.PersonId == personId && row.FaceId == Guid.Empty)?.DeletedAt);
                return (gallery, acceptance);
            },
            cancellationToken);

    /// <summary>Stores faces of one gallery in one transaction; the answers are in the order of the faces.</summary>
    internal Task<IReadOnlyList<StoredFace>> AddFacesAsync(GalleryKey key, IReadOnlyList<NewFace> faces, CancellationToken cancellationToken) =>
        WriteAsync(
            key,
            store => AddFacesAsync(store, key, faces, cancellationToken),
            otherwise: [.. faces.Select(face => Refused(key, face, NoGallery(key)))],
            cancellationToken);

    /// <returns>False when there is no such face or gallery.</returns>
    internal Task<bool> DeleteFaceAsync(GalleryKey key, Guid faceId, CancellationToken cancellationToken) =>
        WriteAsync(
            key,
            async store =>
            {
                var face = Faces(store, key).Where(row => row.FaceId == faceId);
                var personId = await face.Select(row => row.PersonId).SingleOrDefaultAsync(cancellationToken);
                if (personId is null)
                {
                    return false;
                }

                await face.ExecuteDeleteAsync(cancellationToken);
                await ForgetTemplateLengthsAsync(store, key, [personId], cancellationToken);
                await RememberDeletionAsync(store, key, personId, faceId, cancellationToken);
                return true;
            },
            otherwise: false,
            cancellationToken);

    // ---- for the index ----

    /// <summary>Persons with at least one face, and faces.</summary>
    public Task<(long Persons, long Faces)> CountPersonsAndFacesAsync(GalleryKey key, CancellationToken cancellationToken) =>
        RunAsync(
            async store => (
                await Faces(store, key).Select(row => row.PersonId).Distinct().LongCountAsync(cancellationToken),
                await Faces(store, key).LongCountAsync(cancellationToken)),
            cancellationToken);

    /// <summary>Those of the faces that exist, with embeddings; damaged ones are left out and told of.</summary>
    public Task<IReadOnlyList<FaceVector>> FindVectorsAsync(
        GalleryKey key, IReadOnlyCollection<Guid> faceIds, Action<Guid, FailureException> damaged, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<FaceVector>>(
            async store =>
            {
                var rows = await Faces(store, key)
                    .Where(row => faceIds.Contains(row.FaceId))
                    .Select(row => new { row.FaceId, row.PersonId, row.Embedding })
                    .ToListAsync(cancellationToken);
                var dimension = await Gallery(store, key).Select(row => row.Dimension).SingleOrDefaultAsync(cancellationToken);
                var faces = new List<FaceVector>(rows.Count);
                foreach (var row in rows)
                {
                    try
                    {
                        faces.Add(new FaceVector(row.FaceId, row.PersonId, StoredEmbedding.Read(row.FaceId, row.Embedding, dimension)));
                    }
                    catch (FailureException exception)
                    {
                        damaged(row.FaceId, exception);
                    }
                }

                return faces;
            },
            cancellationToken);

    /// <summary>Those of the ids whose faces exist.</summary>
    public Task<IReadOnlySet<Guid>> FindFaceIdsAsync(GalleryKey key, IReadOnlyCollection<Guid> faceIds, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlySet<Guid>>(
            async store => await Faces(store, key).Where(row => faceIds.Contains(row.FaceId)).Select(row => row.FaceId).ToHashSetAsync(cancellationToken),
            cancellationToken);

    /// <summary>Ids of all faces of a gallery, in no order.</summary>
    public async IAsyncEnumerable<Guid> ReadFaceIdsAsync(GalleryKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var store = await contexts.CreateDbContextAsync(cancellationToken);
        await foreach (var id in Faces(store, key).Select(row => row.FaceId).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return id;
        }
    }

    public Task<IReadOnlyList<GalleryKey>> ListAllGalleriesAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<GalleryKey>>(
            async store => await store.Galleries.Select(row => new GalleryKey(row.TenantId, row.GalleryId)).ToListAsync(cancellationToken),
            cancellationToken);

    /// <summary>As the one below; a damaged face ends the reading.</summary>
    public IAsyncEnumerable<FaceVector> ReadVectorsAsync(GalleryKey key, CancellationToken cancellationToken) => ReadVectorsAsync(key, null, cancellationToken);

    /// <summary>
    /// All faces of a gallery, in no order, read as they are consumed. A large one by several readers at once, which see one state
    /// only while nobody writes to it: the caller holds the gallery's write lock.
    /// </summary>
    /// <param name="key">The gallery.</param>
    /// <param name="damaged">Told of each face whose embedding cannot be read, which is left out; null: it ends the reading.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FailureException">FaceDamaged.</exception>
    public async IAsyncEnumerable<FaceVector> ReadVectorsAsync(
        GalleryKey key, Action<Guid, FailureException>? damaged, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isLarge = await RunAsync(async store => await Faces(store, key).OrderBy(row => row.FaceId).Take(WorthSharing).CountAsync(cancellationToken) == WorthSharing, cancellationToken);
        var readers = isLarge ? Math.Clamp(Environment.ProcessorCount, 1, MaxReaders) : 1;

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var batches = Channel.CreateBounded<List<FaceVector>>(2 * readers);
        var reading = Task.WhenAll(Enumerable.Range(0, readers).Select(part => Task.Run(() => ReadPartAsync(key, part, readers, damaged, batches.Writer, ending.Token), ending.Token)));
        _ = reading.ContinueWith(
            task => batches.Writer.TryComplete(task.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                foreach (var face in batch)
                {
                    yield return face;
                }
            }

            await reading;
        }
        finally
        {
            // For a caller who stops early; no reader outlives this.
            await ending.CancelAsync();
            await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    // One of several equal parts of a gallery, by id: ids are hashes, so the parts are of about one size.
    private async Task ReadPartAsync(
        GalleryKey key, int part, int parts, Action<Guid, FailureException>? damaged, ChannelWriter<List<FaceVector>> batches, CancellationToken cancellationToken)
    {
        await using var store = await contexts.CreateDbContextAsync(cancellationToken);
        var dimension = await Gallery(store, key).Select(row => row.Dimension).SingleOrDefaultAsync(cancellationToken);
        var faces = Faces(store, key);
        if (part > 0)
        {
            var from = Boundary(part);
            faces = faces.Where(row => row.FaceId >= from);
        }

        if (part < parts - 1)
        {
            var to = Boundary(part + 1);
            faces = faces.Where(row => row.FaceId < to);
        }

        var batch = new List<FaceVector>(ReadBatch);
        var rows = faces.Select(row => new { row.FaceId, row.PersonId, row.Embedding }).AsAsyncEnumerable();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            try
            {
                batch.Add(new FaceVector(row.FaceId, row.PersonId, StoredEmbedding.Read(row.FaceId, row.Embedding, dimension)));
            }
            catch (FailureException exception) when (damaged is not null)
            {
                damaged(row.FaceId, exception);
                continue;
            }

            if (batch.Count == ReadBatch)
            {
                await batches.WriteAsync(batch, cancellationToken);
                batch = new List<FaceVector>(ReadBatch);
            }
        }

        await batches.WriteAsync(batch, cancellationToken);

        Guid Boundary(int number) => new((uint)((1L << 32) / parts * number), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    // ---- inside ----

    public static FailureException NoGallery(GalleryKey key) =>
        new(FailureReason.GalleryNotFound, $"There is no gallery '{key.GalleryId}'. Create it first, or check the id.");

    public static FailureException NoPerson(string personId) =>
        new(FailureReason.PersonNotFound, $"There is no person '{personId}' in the gallery. Enrol a photo of them first, or check the id.");

    private static IQueryable<GalleryRow> Gallery(GalleryDbContext store, GalleryKey key) =>
        store.Galleries.Where(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId);

    private static IQueryable<PersonRow> Persons(GalleryDbContext store, GalleryKey key) =>
        store.Persons.Where(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId);

    private static IQueryable<PersonRow> Person(GalleryDbContext store, GalleryKey key, string personId) =>
        Persons(store, key).Where(row => row.PersonId == personId);

    private static IQueryable<FaceRow> Faces(GalleryDbContext store, GalleryKey key) =>
        store.Faces.Where(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId);

    // Of the gallery itself too, which has no person.
    private static IQueryable<DeletionRow> Deletions(GalleryDbContext store, GalleryKey key, IEnumerable<string> personIds)
    {
        string[] ids = [.. personIds, ""];
        return store.Deletions.AsNoTracking().Where(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId && ids.Contains(row.PersonId));
    }

    internal static IQueryable<FaceRow> WithoutEmbedding(IQueryable<FaceRow> faces) =>
        faces.Select(row => new FaceRow
        {
            TenantId = row.TenantId,
            GalleryId = row.GalleryId,
            FaceId = row.FaceId,
            PersonId = row.PersonId,
            EmbeddingContract = row.EmbeddingContract,
            Embedding = Array.Empty<byte>(),
            PhotoSha256 = row.PhotoSha256,
            FaceOrdinal = row.FaceOrdinal,
            ItemId = row.ItemId,
            BoxX = row.BoxX,
            BoxY = row.BoxY,
            BoxWidth = row.BoxWidth,
            BoxHeight = row.BoxHeight,
            QualityScore = row.QualityScore,
            Sharpness = row.Sharpness,
            Brightness = row.Brightness,
            Yaw = row.Yaw,
            Pitch = row.Pitch,
            Roll = row.Roll,
            CreatedAt = row.CreatedAt,
        });

    private static async Task<IReadOnlyList<GallerySummary>> SummarizeAsync(
        GalleryDbContext store, IQueryable<GalleryRow> galleries, CancellationToken cancellationToken) =>
        await galleries
            .AsNoTracking()
            .Select(gallery => new GallerySummary(
                gallery,
                store.Persons.LongCount(person => person.TenantId == gallery.TenantId && person.GalleryId == gallery.GalleryId),
                store.Faces.LongCount(face => face.TenantId == gallery.TenantId && face.GalleryId == gallery.GalleryId)))
            .ToListAsync(cancellationToken);

    private static async Task<IReadOnlyList<PersonSummary>> SummarizeAsync(
        GalleryDbContext store, GalleryKey key, IQueryable<PersonRow> persons, CancellationToken cancellationToken)
    {
        var rows = await persons.AsNoTracking().ToListAsync(cancellationToken);
        var ids = rows.Select(row => row.PersonId).ToList();
        var counts = await Faces(store, key)
            .Where(face => ids.Contains(face.PersonId))
            .GroupBy(face => face.PersonId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, StringComparer.Ordinal, cancellationToken);
        return [.. rows.Select(row => new PersonSummary(row, counts.GetValueOrDefault(row.PersonId)))];
    }

    private async Task<IReadOnlyList<StoredFace>> AddFacesAsync(
        GalleryDbContext store, GalleryKey key, IReadOnlyList<NewFace> faces, CancellationToken cancellationToken)
    {
        var personIds = faces.Select(face => face.PersonId).ToHashSet(StringComparer.Ordinal);
        var faceIds = faces.Select(face => Id(key, face)).ToHashSet();

        var gallery = await Gallery(store, key).AsNoTracking().SingleAsync(cancellationToken);
        var deletions = await Deletions(store, key, personIds)
            .ToDictionaryAsync(row => (row.PersonId, row.FaceId), row => row.DeletedAt, cancellationToken);
        var persons = await Persons(store, key)
            .Where(row => personIds.Contains(row.PersonId))
            .Select(row => row.PersonId)
            .ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var known = await WithoutEmbedding(Faces(store, key).Where(row => faceIds.Contains(row.FaceId)))
            .ToDictionaryAsync(row => row.FaceId, cancellationToken);
        var others = await FacesOfOthers.ReadAsync(Faces(store, key), key, faces, cancellationToken);
        var contract = gallery.EmbeddingContract;
        var dimension = gallery.Dimension;
        var now = time.GetUtcNow();

        var answers = new List<StoredFace>(faces.Count);
        foreach (var face in faces)
        {
            var id = Id(key, face);
            if (Refusal(key, face, id, deletions, contract, dimension) is { } refusal)
            {
                answers.Add(Refused(key, face, refusal));
                continue;
            }

            if (known.TryGetValue(id, out var stored))
            {
                var ownWork = face.ItemId is not null && face.ItemId == stored.ItemId;
                answers.Add(new StoredFace
                {
                    FaceId = id,
                    State = ownWork ? StoredFaceState.AddedBefore : StoredFaceState.Duplicate,
                    Row = stored,
                    Replaced = ownWork ? [] : TakePlace(face, id),
                });
                continue;
            }

            if (others.Keep(face) is { } kept)
            {
                answers.Add(new StoredFace { FaceId = kept, State = StoredFaceState.Skipped });
                continue;
            }

            if (persons.Add(face.PersonId))
            {
                store.Persons.Add(new PersonRow
                {
                    TenantId = key.TenantId,
                    GalleryId = key.GalleryId,
                    PersonId = face.PersonId,
                    Name = face.PersonName,
                    CreatedAt = now,
                });
            }

            var row = Row(key, id, face, now);
            store.Faces.Add(row);
            known.Add(id, row);
            (contract, dimension) = (face.EmbeddingContract, face.Embedding.Length);
            answers.Add(new StoredFace { FaceId = id, State = StoredFaceState.Added, Row = row, Replaced = TakePlace(face, id) });
        }

        await others.ApplyAsync(Faces(store, key), cancellationToken);
        var changed = answers.Where(answer => answer.State == StoredFaceState.Added || answer.Replaced.Count > 0);
        await ForgetTemplateLengthsAsync(store, key, [.. changed.Select(answer => answer.Row!.PersonId)], cancellationToken);
        if (contract != gallery.EmbeddingContract)
        {
            await Gallery(store, key).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.EmbeddingContract, contract).SetProperty(row => row.Dimension, dimension),
                cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
        return answers;

        // What is gone may come again in the same batch, as a new face.
        IReadOnlyList<Guid> TakePlace(NewFace face, Guid id)
        {
            var replaced = others.TakePlace(face, id);
            foreach (var gone in replaced)
            {
                known.Remove(gone);
            }

            return replaced;
        }
    }

    private static FailureException? Refusal(
        GalleryKey key, NewFace face, Guid id, Dictionary<(string Person, Guid Face), DateTimeOffset> deletions, string contract, int dimension)
    {
        if (face.Acceptance.GalleryDeletedSince(Deleted("", Guid.Empty)))
        {
            return NoGallery(key);
        }

        if (face.Acceptance.PersonDeletedSince(Deleted(face.PersonId, Guid.Empty)))
        {
            return new FailureException(FailureReason.PersonDeleted, "The person was deleted after this photo was accepted; nothing was stored. Enrol again if that is wanted.");
        }

        if (face.Acceptance.FaceDeletedSince(Deleted(face.PersonId, id)))
        {
            return new FailureException(FailureReason.FaceNotFound, "This face was deleted after its photo was accepted; nothing was stored. Enrol again if that is wanted.");
        }

        if (contract.Length > 0 && contract != face.EmbeddingContract)
        {
            return new FailureException(
                FailureReason.ContractMismatch,
                $"The gallery holds embeddings of {contract}; this one is of {face.EmbeddingContract}. Use that model, or enrol into a new gallery.");
        }

        return contract.Length > 0 && dimension != face.Embedding.Length
            ? new FailureException(FailureReason.EmbeddingWrongLength, $"The gallery's embeddings have {dimension} values; this one has {face.Embedding.Length}.")
            : null;

        DateTimeOffset? Deleted(string personId, Guid faceId) =>
            deletions.TryGetValue((personId, faceId), out var at) ? at : null;
    }

    private static Guid Id(GalleryKey key, NewFace face) =>
        FaceIds.Face(key.TenantId, key.GalleryId, face.PersonId, face.PhotoSha256, face.FaceOrdinal);

    private static StoredFace Refused(GalleryKey key, NewFace face, FailureException refusal) =>
        new() { FaceId = Id(key, face), State = StoredFaceState.Refused, Refusal = refusal };

    private static FaceRow Row(GalleryKey key, Guid id, NewFace face, DateTimeOffset now) => new()
    {
        TenantId = key.TenantId,
        GalleryId = key.GalleryId,
        FaceId = id,
        PersonId = face.PersonId,
        EmbeddingContract = face.EmbeddingContract,
        Embedding = EmbeddingBytes.ToBytes(face.Embedding),
        PhotoSha256 = face.PhotoSha256,
        FaceOrdinal = face.FaceOrdinal,
        ItemId = face.ItemId,
        BoxX = face.Box.X,
        BoxY = face.Box.Y,
        BoxWidth = face.Box.Width,
        BoxHeight = face.Box.Height,
        QualityScore = face.Quality.Score,
        Sharpness = face.Quality.Sharpness,
        Brightness = face.Quality.Brightness,
        Yaw = face.Quality.Yaw,
        Pitch = face.Quality.Pitch,
        Roll = face.Quality.Roll,
        CreatedAt = face.CreatedAt ?? now,
    };

    private async Task RememberDeletionAsync(GalleryDbContext store, GalleryKey key, string personId, Guid faceId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expired = now - options.Value.DeletionMemory;
        await store.Deletions
            .Where(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId && row.DeletedAt < expired)
            .ExecuteDeleteAsync(cancellationToken);

        var known = await store.Deletions.SingleOrDefaultAsync(
            row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId && row.PersonId == personId && row.FaceId == faceId,
            cancellationToken);
        if (known is null)
        {
            store.Deletions.Add(new DeletionRow { TenantId = key.TenantId, GalleryId = key.GalleryId, PersonId = personId, FaceId = faceId, DeletedAt = now });
        }
        else
        {
            known.DeletedAt = now > known.DeletedAt ? now : known.DeletedAt.AddTicks(1);
        }

        await store.SaveChangesAsync(cancellationToken);
    }

    private async Task<T> RunAsync<T>(Func<GalleryDbContext, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = await contexts.CreateDbContextAsync(cancellationToken);
            return await work(store);
        }
        catch (Exception exception) when (StoreFailures.IsAway(exception))
        {
            throw StoreFailures.Away(exception);
        }
    }

    /// <summary>One transaction on one gallery; <paramref name="otherwise"/> when there is no such gallery.</summary>
    private Task<T> WriteAsync<T>(GalleryKey key, Func<GalleryDbContext, Task<T>> work, T otherwise, CancellationToken cancellationToken) =>
        RunAsync(
            async store =>
            {
                await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
                var locked = await Gallery(store, key).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Revision, row => row.Revision + 1), cancellationToken);
                if (locked == 0)
                {
                    return otherwise;
                }

                var result = await work(store);

                // Not cancelled half-way: afterwards it is known whether it happened.
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            },
            cancellationToken);
}
