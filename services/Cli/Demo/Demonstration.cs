using System.Globalization;
using FaceCloud.Cli.Commands;
using FaceCloud.Cli.Enrolment;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Demo;

/// <summary>
/// What FaceCloud is for, in one go: one photo a person is enrolled through the queue, then everybody else's and the strangers' photos
/// are identified (1:K) and every person is verified (1:1) against his own and against another's enrolment.
/// </summary>
internal sealed class Demonstration(FaceCloudClient client, SampleFolder samples, string galleryId)
{
    private const int AtOnce = 4;

    /// <summary>An id that no gallery of a user's has by accident.</summary>
    public static string NewGalleryId() => string.Create(CultureInfo.InvariantCulture, $"demo-{Guid.NewGuid():N}")[..13];

    /// <exception cref="FaceCloudException">The server refused or is not there.</exception>
    public async Task<DemonstrationReport> RunAsync(CancellationToken cancellationToken)
    {
        var photos = new EnrolmentFolder([.. samples.Enrolled.Select(photo => new EnrolmentPhoto(photo.Person!, photo.Path, photo.Name))], OtherFiles: 0);
        var enrolment = await new FolderEnrolment(client, galleryId, new JobOptions(), TimeProvider.System).RunAsync(photos, null, null, cancellationToken);
        var options = new IdentifyOptions { MaxCandidates = 1, IncludeBelowThreshold = true };
        var identified = await EachAsync(
            [.. samples.Probes, .. samples.Strangers],
            async (photo, token) => new Identification(photo, await client.IdentifyAsync(galleryId, await FaceAsync(photo, token), options, token)),
            cancellationToken);
        var groups = await EachAsync(
            samples.Groups,
            async (photo, token) => new Identification(photo, await client.IdentifyAsync(galleryId, await FaceAsync(photo, token), options with { AllFaces = true }, token)),
            cancellationToken);

        // A person whose photo was refused cannot be verified against.
        var enrolled = enrolment.Items.Where(item => item.Outcome is EnrolOutcome.Enrolled or EnrolOutcome.Duplicate).Select(item => item.PersonId).ToHashSet();
        var persons = samples.Enrolled.Select(photo => photo.Person!).Where(enrolled.Contains).ToArray();
        var firstProbes = samples.Probes.GroupBy(photo => photo.Person!).ToDictionary(group => group.Key, group => group.First());
        (SamplePhoto Photo, string Claimed)[] claims =
        [
            .. persons.Select(person => (firstProbes[person], person)),
            .. persons.Length < 2 ? [] : persons.Select((person, i) => (firstProbes[person], persons[(i + 1) % persons.Length])),
        ];
        var verified = await EachAsync(
            claims,
            async (claim, token) => new Verification(claim.Photo, claim.Claimed, await client.VerifyAsync(galleryId, claim.Claimed, await FaceAsync(claim.Photo, token), cancellationToken: token)),
            cancellationToken);
        return new DemonstrationReport(enrolment, identified, groups, verified);
    }

    private static async Task<FaceInput> FaceAsync(SamplePhoto photo, CancellationToken cancellationToken) =>
        FaceInput.Photo(await PhotoFiles.ReadAsync(photo.Path, cancellationToken));

    private static async Task<TResult[]> EachAsync<T, TResult>(IReadOnlyList<T> items, Func<T, CancellationToken, Task<TResult>> ask, CancellationToken cancellationToken)
    {
        var results = new TResult[items.Count];
        await Parallel.ForAsync(
            0,
            items.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (index, token) => results[index] = await ask(items[index], token));
        return results;
    }
}
