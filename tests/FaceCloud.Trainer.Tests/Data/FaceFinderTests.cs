using FaceCloud.Testing;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Data;

public sealed class FaceFinderTests
{
    [Fact]
    public void PersonFolders_OrdinaryPhotos_AreAlignedAndThoseWithoutAFaceMarked()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["people/ann"]);
        File.WriteAllBytes(folder["people/ann/1.jpg"], TestPhotos.Person(1));
        File.WriteAllBytes(folder["people/ann/2.jpg"], TestPhotos.Landscape());
        File.WriteAllBytes(folder["people/ann/3.jpg"], [1, 2, 3]);
        File.WriteAllBytes(folder["people/ann/4.jpg"], TestPhotos.Group(1, 2));
        using var finder = new FaceFinder(TestModels.Shared.Directory);

        var source = new PersonFolders(folder["people"], finder: finder);
        using var pixels = PixelCache.Open(source, folder["cache"], null, CancellationToken.None);

        Assert.Equal([1, 2], pixels.Damaged.Order());
        // The drawn person fills the crop in both: the largest face was found, not the whole picture scaled.
        Assert.True(Difference(pixels.Pixels(0), pixels.Pixels(3)) < Difference(pixels.Pixels(0), CropPixels.Decode(TestPhotos.Person(1))!) / 2);
    }

    [Fact]
    public void PersonFolders_AlignedOrNot_DoNotShareACache()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["people/ann"]);
        File.WriteAllBytes(folder["people/ann/1.jpg"], TestPhotos.Person(1));
        using var finder = new FaceFinder(TestModels.Shared.Directory);

        Assert.NotEqual(new PersonFolders(folder["people"]).Fingerprint, new PersonFolders(folder["people"], finder: finder).Fingerprint);
    }

    [Fact]
    public void Constructor_FolderWithABrokenManifest_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["models.json"], "{ \"detector\": \"none\", \"models\": [] }");

        var failure = Assert.Throws<TrainerException>(() => new FaceFinder(folder.Path));

        Assert.Contains("No detector can be used", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Mean absolute difference of two photos' pixels.</summary>
    private static double Difference(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var sum = 0L;
        for (var i = 0; i < first.Length; i++)
        {
            sum += Math.Abs(first[i] - second[i]);
        }

        return (double)sum / first.Length;
    }
}
