using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;

namespace FaceCloud.Gallery.Tests.Grouping;

/// <summary>Group on photos of real persons, who are not part of the repository, with the test models.</summary>
public sealed class GroupRealPhotosTests
{
    [Fact]
    public async Task Group_SixtyPersons_PairwiseF1IsNineTenthsOrMore()
    {
        SharedData.SkipUnlessPresent();
        var (people, _, model) = await RealPhotos.EncodeAsync("mobilefacenet-112x96", "yunet-n", withStrangers: false);
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        host.Encoder.Calibration = model.Calibration;
        var items = people.Select(face => new GroupItem { ItemId = $"{face.Person}/{face.Photo}", Probe = GalleryHost.EmbeddingProbe(face.Embedding) });

        var answer = await host.Grouping.GroupAsync(new GroupRequest { Items = { items } });

        var groups = answer.Groups.Select(group => group.Faces.Select(face => face.ItemId.Split('/')[0]).ToList()).ToList();
        var together = groups.Sum(group => Pairs(group.Count));
        var genuine = people.CountBy(face => face.Person).Sum(person => Pairs(person.Value));
        var both = groups.Sum(group => group.CountBy(person => person).Sum(person => Pairs(person.Value)));
        TestContext.Current.TestOutputHelper?.WriteLine(
            FormattableString.Invariant($"{groups.Count} groups at {answer.Threshold.Value:F3}: precision {(double)both / together:F3}, recall {(double)both / genuine:F3}"));
        Assert.Equal(people.Count, groups.Sum(group => group.Count));

        // F1 = 2PR / (P + R) with P = both / together, R = both / genuine.
        Assert.InRange(2.0 * both / (together + genuine), 0.9, 1);
    }

    private static long Pairs(long count) => count * (count - 1) / 2;
}
