using System.Formats.Tar;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Google.Protobuf;

namespace FaceCloud.IntegrationTests.RealModels;

/// <summary>Groups and the doctor on all labelled photos, 60 persons with 8 each, with the test models. What they find is kept in results/.</summary>
public sealed class RealGalleryToolsTests(RealDeployment deployment) : IClassFixture<RealDeployment>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Group_AllLabelledPhotos_PairwiseF1AtLeast90()
    {
        var system = deployment.System;
        var photos = await PeopleAsync();
        var request = new GroupRequest { Items = { photos.Select((photo, i) => new GroupItem { ItemId = $"{i}", Probe = new Probe { Photo = photo.Bytes } }) } };

        var answer = await new GroupingService.GroupingServiceClient(system.GalleryProcess.Channel).GroupAsync(request, cancellationToken: Cancelled);

        var groups = answer.Groups.Select(group => group.Faces.Select(face => photos[int.Parse(face.ItemId)].Person).ToArray()).ToArray();
        var together = groups.Sum(group => Pairs(group.Length));
        var both = groups.Sum(group => group.CountBy(person => person).Sum(person => Pairs(person.Value)));
        var genuine = photos.CountBy(photo => photo.Person).Sum(person => Pairs(person.Value));
        var (precision, recall) = (both / together, both / genuine);
        Assert.Equal(60 * 28, genuine);
        Assert.True(2 * precision * recall / (precision + recall) >= 0.9, $"precision {precision}, recall {recall}, {groups.Length} groups at {answer.Threshold.Value}");

        static double Pairs(int count) => count * (count - 1) / 2.0;
    }

    /// <summary>20 exchanges of one photo between two persons, 10 persons enrolled as two: most are found, and little else is named.</summary>
    [Fact]
    public async Task Examine_PlantedErrors_MostAreFoundWithFewFalseAlarms()
    {
        var system = deployment.System;
        var photos = (await PeopleAsync()).GroupBy(photo => photo.Person, photo => photo.Bytes).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var planted = Plant(photos);
        var wrong = new HashSet<string>();
        await Parallel.ForEachAsync(planted, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled }, async (photo, cancelled) =>
        {
            var answer = await system.Gallery.EnrollFaceAsync(
                new EnrollFaceRequest { GalleryId = gallery, PersonId = photo.EnrolledAs, Photo = photo.Bytes, MaxFaces = 10, MinQuality = 0 }, cancellationToken: cancelled);
            if (photo.IsWrong && answer.Face is { } face)
            {
                lock (wrong)
                {
                    wrong.Add(face.FaceId);
                }
            }
        });

        var found = await new DoctorService.DoctorServiceClient(system.GalleryProcess.Channel).ExamineAsync(new ExamineRequest { GalleryId = gallery, MaxFindings = 1000 }, cancellationToken: Cancelled);

        var hits = found.Mislabelled.Count(face => wrong.Contains(face.FaceId));
        var doubled = found.Duplicates.Count(pair => pair.OtherPersonId == pair.PersonId + " again");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"mislabelled {hits} of {wrong.Count}, false {found.Mislabelled.Count - hits}; duplicates {doubled} of 10, false {found.Duplicates.Count - doubled}; "
            + $"look-alikes {found.LookAlikes.Count}; weak {found.WeakTemplates.Count}; match {found.MatchThreshold.Value}, name {found.NameThreshold.Value}");
        Assert.Equal(40, wrong.Count);
        Assert.True(hits >= 35, $"{hits} of 40 wrong labels");
        Assert.InRange(found.Mislabelled.Count - hits, 0, 2);
        Assert.True(doubled >= 9, $"{doubled} of 10 duplicates");
        Assert.InRange(found.Duplicates.Count - doubled, 0, 1);
    }

    // The first 40 persons exchange their second photo in pairs; of the last 10 the second half of the photos is enrolled as another.
    private static List<(string EnrolledAs, ByteString Bytes, bool IsWrong)> Plant(ByteString[][] photos)
    {
        var planted = new List<(string, ByteString, bool)>();
        for (var person = 0; person < photos.Length; person++)
        {
            for (var photo = 0; photo < photos[person].Length; photo++)
            {
                var isSwapped = person < 40 && photo == 1;
                var truly = isSwapped ? person ^ 1 : person;
                var again = person >= 50 && photo >= 4 ? " again" : "";
                planted.Add(($"person {person:00}{again}", photos[truly][photo], isSwapped));
            }
        }

        return planted;
    }

    private static async Task<List<(string Person, ByteString Bytes)>> PeopleAsync()
    {
        var photos = new List<(string, ByteString)>();
        await using var file = File.OpenRead(Path.Combine(SharedData.Photos, "people.tar"));
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync(copyData: true, Cancelled) is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                photos.Add((Path.GetFileName(Path.GetDirectoryName(entry.Name))!, await ByteString.FromStreamAsync(data, Cancelled)));
            }
        }

        return photos;
    }
}
