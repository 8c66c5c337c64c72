using FaceCloud.Contracts;
using FaceCloud.Gallery.Scoring;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

/// <content>What scoring by several faces needs.</content>
public sealed partial class GalleryStore
{
    // Persons in one statement, and persons measured in one transaction.
    private const int PersonBatch = 500;

    /// <summary>All faces, with embeddings, of those of the given persons that have any.</summary>
    public Task<Dictionary<string, IReadOnlyList<FaceVector>>> GetPersonsVectorsAsync(
        GalleryKey key, IReadOnlyCollection<string> personIds, CancellationToken cancellationToken) =>
        RunAsync(
            async store =>
            {
                var found = new Dictionary<string, IReadOnlyList<FaceVector>>(personIds.Count, StringComparer.Ordinal);
                foreach (var part in personIds.Chunk(PersonBatch))
                {
                    var faces = await Faces(store, key)
                        .Where(row => part.Contains(row.PersonId))
                        .OrderBy(row => row.FaceId)
                        .Select(row => new FaceVector(row.FaceId, row.PersonId, EmbeddingBytes.ToFloats(row.Embedding)))
                        .ToListAsync(cancellationToken);
                    foreach (var person in faces.GroupBy(face => face.PersonId, StringComparer.Ordinal))
                    {
                        found.Add(person.Key, [.. person]);
                    }
                }

                return found;
            },
            cancellationToken);

    /// <summary>Embeddings of those of the given faces that exist.</summary>
    public Task<Dictionary<Guid, float[]>> GetEmbeddingsAsync(GalleryKey key, IReadOnlyCollection<Guid> faceIds, CancellationToken cancellationToken) =>
        RunAsync(
            async store =>
            {
                var found = new Dictionary<Guid, float[]>(faceIds.Count);
                foreach (var part in faceIds.Chunk(PersonBatch))
                {
                    await foreach (var face in Faces(store, key)
                        .Where(row => part.Contains(row.FaceId))
                        .Select(row => new { row.FaceId, row.Embedding })
                        .AsAsyncEnumerable()
                        .WithCancellation(cancellationToken))
                    {
                        found.Add(face.FaceId, EmbeddingBytes.ToFloats(face.Embedding));
                    }
                }

                return found;
            },
            cancellationToken);

    /// <summary>How many faces each person with any has, by person id.</summary>
    public Task<IReadOnlyList<(string PersonId, int Faces)>> CountFacesByPersonAsync(GalleryKey key, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<(string, int)>>(
            async store =>
            {
                var counts = await Faces(store, key)
                    .GroupBy(row => row.PersonId)
                    .Select(group => new { group.Key, Count = group.Count() })
                    .ToListAsync(cancellationToken);
                return [.. counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => (count.Key, count.Count))];
            },
            cancellationToken);

    /// <summary>
    /// The shortest mean of any person's embeddings, 0..1 (<see cref="ScoringRule.Length"/>); 1 without persons. Lengths that changes of faces have made
    /// unknown are measured first, so the answer holds for all that was written before the call.
    /// </summary>
    public async Task<float> GetLeastTemplateLengthAsync(GalleryKey key, CancellationToken cancellationToken)
    {
        while (await RunAsync(store => Persons(store, key).AnyAsync(row => row.TemplateLength == null, cancellationToken), cancellationToken))
        {
            await WriteAsync(key, store => MeasureTemplatesAsync(store, key, cancellationToken), otherwise: 0, cancellationToken);
        }

        return await RunAsync(store => Persons(store, key).MinAsync(row => row.TemplateLength, cancellationToken), cancellationToken) ?? 1;
    }

    private static async Task<int> MeasureTemplatesAsync(GalleryDbContext store, GalleryKey key, CancellationToken cancellationToken)
    {
        var persons = await Persons(store, key).Where(row => row.TemplateLength == null).OrderBy(row => row.PersonId).Take(PersonBatch).ToListAsync(cancellationToken);
        var ids = persons.Select(person => person.PersonId).ToList();
        var faces = (await Faces(store, key)
            .Where(row => ids.Contains(row.PersonId))
            .Select(row => new { row.PersonId, row.Embedding })
            .ToListAsync(cancellationToken)).ToLookup(row => row.PersonId, row => EmbeddingBytes.ToFloats(row.Embedding), StringComparer.Ordinal);
        foreach (var person in persons)
        {
            person.TemplateLength = ScoringRule.Length(faces[person.PersonId]);
        }

        return await store.SaveChangesAsync(cancellationToken);
    }

    private static Task<int> ForgetTemplateLengthsAsync(
        GalleryDbContext store, GalleryKey key, HashSet<string> personIds, CancellationToken cancellationToken) =>
        personIds.Count == 0
            ? Task.FromResult(0)
            : Persons(store, key)
                .Where(row => personIds.Contains(row.PersonId) && row.TemplateLength != null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.TemplateLength, (float?)null), cancellationToken);
}
