using System.Globalization;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Accuracy.Doctoring;

/// <summary>
/// How many errors planted in a gallery of real photos the doctor finds, and what it suspects beside them. Of the first persons,
/// neighbours by name: the last photo of the one is enrolled as the other. Of the next, half of the photos are enrolled as somebody new.
/// </summary>
internal sealed class DoctorExperiment(FaceCloudClient client, int wrongLabels, int doubles)
{
    private const string Again = "-again";

    /// <returns>The result as markdown.</returns>
    public async Task<string> RunAsync(string people, int photosPerPerson, CancellationToken cancellationToken)
    {
        var persons = LabelledPhotos.Read(people, null, photosPerPerson, null).Enrolled.GroupBy(photo => photo.Person).Select(group => group.ToArray()).ToArray();
        if (persons.Length < wrongLabels + doubles + 1)
        {
            throw new ArgumentException($"{wrongLabels} wrong labels and {doubles} persons enrolled twice need more than {persons.Length} persons.", nameof(people));
        }

        var gallery = $"doctor-{Guid.NewGuid():N}";
        await client.CreateGalleryAsync(gallery, cancellationToken: cancellationToken);
        try
        {
            var (faces, planted) = await EnrolAsync(gallery, persons, cancellationToken);
            var answer = await client.ExamineAsync(new ExamineRequest { GalleryId = gallery, MaxFindings = 1000 }, cancellationToken);
            return Report(persons.Length, faces, planted, answer);
        }
        finally
        {
            await client.DeleteGalleryAsync(gallery, CancellationToken.None);
        }
    }

    // Faces enrolled, and the person that each wrongly labelled one shows.
    private async Task<(int Faces, Dictionary<string, string> Planted)> EnrolAsync(string gallery, LabelledPhoto[][] persons, CancellationToken cancellationToken)
    {
        var (faces, planted) = (0, new Dictionary<string, string>());
        for (var i = 0; i < persons.Length; i++)
        {
            for (var j = 0; j < persons[i].Length; j++)
            {
                var (person, file) = persons[i][j];
                var isWrong = i < wrongLabels && j == persons[i].Length - 1;
                var isDouble = i >= wrongLabels && i < wrongLabels + doubles && j >= persons[i].Length / 2;
                var label = isWrong ? persons[i + 1][0].Person : isDouble ? person + Again : person;
                var reply = await client.EnrollAsync(
                    gallery, label, await File.ReadAllBytesAsync(file, cancellationToken), new EnrollOptions { MaxFaces = 10, MinQuality = 0 }, cancellationToken);
                faces += reply.Face is null ? 0 : 1;
                if (isWrong && reply.Face is not null)
                {
                    planted[reply.Face.FaceId] = person;
                }
            }
        }

        return (faces, planted);
    }

    private string Report(int persons, int faces, Dictionary<string, string> planted, ExamineResponse answer)
    {
        var found = answer.Mislabelled.Count(face => planted.TryGetValue(face.FaceId, out var person) && Same(face.LikelyPersonId, person));
        var together = answer.Duplicates.Count(pair => Same(pair.PersonId, pair.OtherPersonId));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Encoder `{answer.EmbeddingContract}`, {faces} faces of {persons} persons; match {answer.MatchThreshold.Value:F3}, name {answer.NameThreshold.Value:F3}; {answer.TotalMs:F0} ms.

            | | planted | found | suspected beside them |
            |---|---|---|---|
            | face under another person's name | {planted.Count} | **{found}** | {answer.Mislabelled.Count - found} |
            | person enrolled twice | {doubles} | **{together}** | {answer.Duplicates.Count - together} |

            Look-alikes {answer.Counts.LookAlikes}, of them {answer.LookAlikes.Count(pair => Same(pair.PersonId, pair.OtherPersonId))} enrolled twice; weak templates {answer.Counts.WeakTemplates}.

            """);
    }

    private static bool Same(string one, string other) => Name(one) == Name(other);

    private static string Name(string person) => person.EndsWith(Again, StringComparison.Ordinal) ? person[..^Again.Length] : person;
}
