using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Grpc;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Gallery.V1;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Backup;

/// <summary>Checks a whole file first, then writes it in batches, each safe to repeat. What is there stays.</summary>
public sealed class GalleryImporter(
    GalleryStore store, GalleryWriter writer, IndexState state, IFaceEncoder encoder, IOptions<BackupOptions> options, TimeProvider time)
{
    /// <param name="file">Can seek.</param>
    /// <param name="rules">How.</param>
    /// <param name="cancellationToken">Ends the work; what was written by then stays.</param>
    /// <exception cref="FailureException">BackupDamaged, BackupUnsupported, ContractMismatch, GalleryNotFound (deleted on the way), StoreUnavailable, Encoder….</exception>
    public async Task<ImportedGallery> ImportAsync(Stream file, ImportRules rules, CancellationToken cancellationToken)
    {
        await state.RequireAsync(cancellationToken);
        using var backup = await BackupReader.OpenAsync(file, cancellationToken);
        await backup.CheckContentAsync(cancellationToken);
        var made = await backup.ReadGalleryAsync(cancellationToken);
        var key = rules.Gallery ?? new GalleryKey(Tenants.Default, made.GalleryId);
        made.GalleryId = key.GalleryId;
        await RequireContractAsync(key, backup.Manifest, cancellationToken);

        var started = time.GetUtcNow();
        var created = await store.CreateGalleryAsync(GalleryMapping.ToRow(made, started), cancellationToken);
        if (!created && rules.ReplaceSettings)
        {
            await store.UpdateGalleryAsync(key, GalleryMapping.ToChange(new UpdateGalleryRequest { GalleryId = key.GalleryId, Name = made.Name, Settings = made.Settings }), cancellationToken);
        }

        // A gallery that is not there was deleted whole, or is another server's: its backup is wanted back.
        var acceptance = Acceptance.At(created || rules.RestoreDeleted ? started : backup.Manifest.CreatedAt);
        var answer = new ImportedGallery
        {
            GalleryId = key.GalleryId,
            EmbeddingContract = backup.Manifest.EmbeddingContract,
            GalleryCreated = created,
            SettingsApplied = created || rules.ReplaceSettings,
        };
        await foreach (var persons in backup.ReadPersonsAsync(key, cancellationToken).Chunk(options.Value.ImportBatch).WithCancellation(cancellationToken))
        {
            var added = await store.AddPersonsAsync(key, persons, acceptance, cancellationToken);
            answer = answer with
            {
                PersonsAdded = answer.PersonsAdded + added.Added,
                PersonsPresent = answer.PersonsPresent + added.Present,
                PersonsDeleted = answer.PersonsDeleted + added.Deleted,
            };
        }

        await foreach (var faces in backup.ReadFacesAsync(acceptance, cancellationToken).Chunk(options.Value.ImportBatch).WithCancellation(cancellationToken))
        {
            answer = Count(answer, await AddFacesAsync(key, faces, cancellationToken));
        }

        return answer;
    }

    private async Task RequireContractAsync(GalleryKey key, BackupManifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.Faces == 0)
        {
            return;
        }

        var gallery = await store.FindGalleryAsync(key, cancellationToken);
        if (gallery is { EmbeddingContract.Length: > 0 } && (gallery.EmbeddingContract != manifest.EmbeddingContract || gallery.Dimension != manifest.Dimension))
        {
            throw new FailureException(
                FailureReason.ContractMismatch,
                $"The gallery '{key.GalleryId}' holds embeddings of {gallery.EmbeddingContract}, the backup those of {manifest.EmbeddingContract}. Import it into another gallery.");
        }

        var model = await encoder.GetModelAsync(cancellationToken);
        if (model.EmbeddingContract != manifest.EmbeddingContract || model.Dimension != manifest.Dimension)
        {
            throw new FailureException(
                FailureReason.ContractMismatch,
                $"The backup holds embeddings of {manifest.EmbeddingContract}, but the encoder in use is {model.EmbeddingContract}. Use that model, then import.");
        }
    }

    private async Task<IReadOnlyList<StoredFace>> AddFacesAsync(GalleryKey key, IReadOnlyList<NewFace> faces, CancellationToken cancellationToken)
    {
        var stored = await writer.AddFacesAsync(key, faces, cancellationToken);
        foreach (var refusal in stored.Select(face => face.Refusal).OfType<FailureException>().DistinctBy(refusal => refusal.Reason))
        {
            // A gallery deleted since the backup refuses with the same words as one that is not there.
            var isDeletion = refusal.Reason is FailureReason.PersonDeleted or FailureReason.FaceNotFound
                || (refusal.Reason == FailureReason.GalleryNotFound && await store.FindGalleryAsync(key, cancellationToken) is not null);
            if (!isDeletion)
            {
                throw refusal;
            }
        }

        return stored;
    }

    private static ImportedGallery Count(ImportedGallery answer, IReadOnlyList<StoredFace> faces) => answer with
    {
        FacesAdded = answer.FacesAdded + faces.Count(face => face.State == StoredFaceState.Added),
        FacesPresent = answer.FacesPresent + faces.Count(face => face.State is StoredFaceState.AddedBefore or StoredFaceState.Duplicate),
        FacesDeleted = answer.FacesDeleted + faces.Count(face => face.State == StoredFaceState.Refused),
    };
}
