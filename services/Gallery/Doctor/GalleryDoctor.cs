using System.Buffers.Binary;
using System.Security.Cryptography;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Grouping;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Doctor;

/// <summary>
/// Examines a gallery person by person: one search of the whole gallery a face, and a comparison with all faces of those who come near.
/// Reads in pages, so a gallery of any size takes the same memory; writes may go on, and what they change meanwhile is not examined again.
/// </summary>
public sealed class GalleryDoctor(
    GalleryStore store, IFaceIndex index, IndexState state, IFaceEncoder encoder, IOptions<DoctorOptions> options,
    IOptions<GroupingOptions> grouping, IOptions<GalleryOptions> gallery)
{
    // Persons read, and faces searched, at a time: a search shares the index with callers who wait.
    private const int PersonsAtOnce = 256;
    private const int FacesAtOnce = 64;

    // Other persons looked at for one face.
    private const int Neighbours = 3;

    /// <exception cref="FailureException">GalleryNotFound, ContractMismatch, ModelNotCalibrated, StoreUnavailable, Encoder….</exception>
    public async Task<Findings> ExamineAsync(Examination examination, CancellationToken cancellationToken)
    {
        await state.RequireAsync(cancellationToken);
        var key = examination.Gallery;
        var summary = await store.SummarizeGalleryAsync(key, cancellationToken) ?? throw GalleryStore.NoGallery(key);
        var (match, name, same) = await ThresholdsAsync(examination, summary.Gallery, cancellationToken);

        var diagnosis = new Diagnosis(examination.MaxFindings, match, name, same, options.Value);
        var share = summary.Faces == 0 ? 1 : (double)(examination.MaxFaces ?? options.Value.MaxFaces) / summary.Faces;
        var after = "";
        while (await store.ListPersonsAsync(key, after, PersonsAtOnce, cancellationToken) is { Count: > 0 } page)
        {
            after = page[^1].Person.PersonId;
            foreach (var person in page)
            {
                diagnosis.CountPhotos(person);
            }

            await ExaminePersonsAsync(key, diagnosis, [.. page.Where(person => person.Faces > 0 && IsExamined(person.Person.PersonId, share)).Select(person => person.Person.PersonId)], cancellationToken);
        }

        await ComparePairsAsync(key, diagnosis, cancellationToken);
        return diagnosis.ToFindings(summary);
    }

    // The same persons every time, and no matter how they are named.
    private static bool IsExamined(string personId, double share) =>
        share >= 1 || BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(personId))) < share * ulong.MaxValue;

    private async Task<(Threshold Match, Threshold Name, float SameOnAverage)> ThresholdsAsync(Examination examination, GalleryRow row, CancellationToken cancellationToken)
    {
        var model = await encoder.GetModelAsync(cancellationToken);
        ProbeReader.RequireContract(row.EmbeddingContract, model);
        var size = await index.GetSizeAsync(examination.Gallery, cancellationToken);
        var own = await store.FindActiveCalibrationAsync(row, cancellationToken);
        var match = ThresholdPolicy.ForVerification(
            new ThresholdWish(examination.MatchThreshold, null),
            new ThresholdWish(row.VerifyThreshold, row.MaxFalseAcceptRate),
            gallery.Value.MaxFalseAcceptRate,
            Basis);
        var name = ThresholdPolicy.ForIdentification(
            new ThresholdWish(examination.NameThreshold, null),
            new ThresholdWish(row.IdentifyThreshold, row.MaxFalsePositiveRate),
            gallery.Value.MaxFalsePositiveRate,
            row.MaxFalseAcceptRate ?? gallery.Value.MaxFalseAcceptRate,
            size.Persons,
            Basis,
            row.Rule().Comparisons((double)size.Faces / Math.Max(size.Persons, 1)));

        // Two persons' photos of one face are less alike on average than a single match asks, and two persons never so alike on average.
        var same = match.FalseAcceptRate == 0 ? match.Value : Math.Min(match.Value, ModelCalibration.Of(model).Table.At(grouping.Value.MaxFalseAcceptRate).Threshold);
        return (match, name, same);

        ThresholdBasis Basis() => own?.ToBasis(model) ?? ModelCalibration.Of(model);
    }

    private async Task ExaminePersonsAsync(GalleryKey key, Diagnosis diagnosis, IReadOnlyList<string> personIds, CancellationToken cancellationToken)
    {
        if (personIds.Count == 0)
        {
            return;
        }

        var templates = await store.GetPersonsTemplatesAsync(key, personIds, cancellationToken);
        var persons = ByPerson(templates.Select(template => template.Face));
        diagnosis.CountExamined(persons.Count, templates.Count);
        foreach (var batch in templates.Chunk(FacesAtOnce))
        {
            var search = await index.SearchAsync(key, [.. batch.Select(template => template.Face.Embedding)], Neighbours + 1, cancellationToken);
            var near = batch.Zip(search.Matches, (template, matches) => new ExaminedFace(
                template.Face,
                template.Quality,
                persons[template.Face.PersonId],
                [.. matches.Where(other => other.PersonId != template.Face.PersonId && diagnosis.IsNear(other.Similarity)).Take(Neighbours)])).ToList();
            var others = await TemplatesAsync(key, near.Where(diagnosis.IsUnlikeItsOwn).SelectMany(face => face.Others).Select(other => other.PersonId), cancellationToken);
            near.ForEach(face => diagnosis.Take(face, others));
        }
    }

    private async Task ComparePairsAsync(GalleryKey key, Diagnosis diagnosis, CancellationToken cancellationToken)
    {
        foreach (var pairs in diagnosis.Pairs.Order().Chunk(PersonsAtOnce))
        {
            // Without the faces that seem to be somebody else's: each of them makes its two persons alike.
            var persons = await TemplatesAsync(key, pairs.SelectMany(pair => new[] { pair.Person, pair.Other }), cancellationToken);
            var clean = persons.ToDictionary(
                person => person.Key, person => new PersonTemplates([.. person.Value.Faces.Where(face => !diagnosis.IsMislabelled(face.FaceId))]), StringComparer.Ordinal);
            foreach (var (person, other) in pairs)
            {
                if (clean.TryGetValue(person, out var one) && clean.TryGetValue(other, out var two) && one.Faces.Count > 0 && two.Faces.Count > 0)
                {
                    var (face, otherFace, best) = one.Nearest(two);
                    diagnosis.Compare(new PersonPair(person, other, best, one.MeanOf(two), face, otherFace));
                }
            }
        }
    }

    private async Task<Dictionary<string, PersonTemplates>> TemplatesAsync(GalleryKey key, IEnumerable<string> personIds, CancellationToken cancellationToken)
    {
        var ids = personIds.ToHashSet(StringComparer.Ordinal);
        return ids.Count == 0 ? [] : ByPerson((await store.GetPersonsVectorsAsync(key, ids, cancellationToken)).Values.SelectMany(faces => faces));
    }

    private static Dictionary<string, PersonTemplates> ByPerson(IEnumerable<FaceVector> faces) =>
        faces.GroupBy(face => face.PersonId, StringComparer.Ordinal).ToDictionary(group => group.Key, group => new PersonTemplates([.. group]), StringComparer.Ordinal);
}
