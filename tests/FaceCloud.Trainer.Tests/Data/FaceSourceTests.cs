using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Data;

public sealed class FaceSourceTests
{
    [Fact]
    public void CropShards_WrittenFolder_GivesFacesAndPixels()
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 3, photos: 2, unlabelled: 1, validationPersons: 1);

        var source = new CropShards(folder.Path);
        using var pixels = PixelCache.Open(source, folder["cache"], null, CancellationToken.None);

        Assert.Equal(["p0", "p0", "p1", "p1", "p2", "p2", null], source.Faces.Select(f => f.Identity));
        Assert.Equal([4, 5], source.Faces.Select((f, row) => (f, row)).Where(p => p.f.Split == FaceSplit.Validation).Select(p => p.row));
        Assert.Equal(DrawnFaces.Pixels(1, 1), pixels.Pixels(3).ToArray());
        Assert.Empty(pixels.Damaged);
    }

    [Fact]
    public void CropShards_Suspects_AreReadAboveTheSimilarity()
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 2, photos: 2);
        File.WriteAllText(folder["suspects.csv"], "kind,a,b,cos\nsame person?,p0,p1,0.76\nsame person?,p0,p9,0.75\nmislabelled?,000002.webp,p1,0.1\nmislabelled?,unknown.webp,p1,0.1\n");

        var source = new CropShards(folder.Path);

        Assert.Equal([("p0", "p1")], source.SamePerson);
        Assert.Equal([2], source.DoubtfulLabels);
    }

    [Fact]
    public void CropShards_BrokenLine_NamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["index.csv"], "shard,name,source,identity,split\nshard-000.tar,000000.webp,drawn,p0,train\nnonsense\n");

        var failure = Assert.Throws<TrainerException>(() => new CropShards(folder.Path));

        Assert.Contains("line 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PersonFolders_PhotosOfSeveralSizes_AreFitted()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["people/ann"]);
        File.WriteAllBytes(folder["people/ann/1.png"], DrawnFaces.Png(1, 0));
        File.WriteAllBytes(folder["people/ann/2.png"], DrawnFaces.Png(1, 1, side: 112));
        File.WriteAllText(folder["people/ann/notes.txt"], "not a photo");

        var source = new PersonFolders(folder["people"]);
        using var pixels = PixelCache.Open(source, folder["cache"], null, CancellationToken.None);

        Assert.Equal(["ann/1.png", "ann/2.png"], source.Faces.Select(f => f.Name));
        Assert.Equal(DrawnFaces.Pixels(1, 0), pixels.Pixels(0).ToArray());
        // A 112×112 crop comes to lie inside a margin of 4.
        Assert.Equal(
            DrawnFaces.Pixels(1, 1, side: 112).AsSpan(0, 3).ToArray(),
            pixels.Pixels(1).Slice(((4 * PixelCache.Side) + 4) * 3, 3).ToArray());
    }

    [Fact]
    public void PersonFolders_EmptyPerson_IsNamedAndLeftOut()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["people/nobody"]);
        Directory.CreateDirectory(folder["people/ann"]);
        File.WriteAllBytes(folder["people/ann/1.png"], DrawnFaces.Png(1, 0));

        var source = new PersonFolders(folder["people"]);

        Assert.Equal(["nobody"], source.EmptyPersons);
        Assert.Single(source.Faces);
    }

    [Fact]
    public void PersonFolders_HoldOut_KeepsWholePersonsForValidation()
    {
        using var folder = new TemporaryFolder();
        foreach (var person in (string[])["a", "b", "c", "d"])
        {
            Directory.CreateDirectory(folder[$"people/{person}"]);
            File.WriteAllBytes(folder[$"people/{person}/1.png"], [1]);
            File.WriteAllBytes(folder[$"people/{person}/2.png"], [1]);
        }

        var source = new PersonFolders(folder["people"], holdOutEvery: 2);

        Assert.Equal(["b", "d"], source.Faces.Where(f => f.Split == FaceSplit.Validation).Select(f => f.Identity).Distinct());
    }

    [Fact]
    public void PersonFolders_NoPhotoAtAll_SaysWhatIsExpected()
    {
        using var folder = new TemporaryFolder();

        var failure = Assert.Throws<TrainerException>(() => new PersonFolders(folder.Path));

        Assert.Contains("one folder a person", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PixelCache_CorruptPhoto_IsMarkedAndOthersStay()
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 2, photos: 2, damagedRow: 1);
        var source = new CropShards(folder.Path);

        using var pixels = PixelCache.Open(source, folder["cache"], null, CancellationToken.None);

        Assert.Equal([1], pixels.Damaged);
        Assert.Equal(DrawnFaces.Pixels(1, 0), pixels.Pixels(2).ToArray());
    }

    [Fact]
    public void PixelCache_SecondOpening_DecodesNothing()
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 2, photos: 1);
        var source = new CropShards(folder.Path);
        PixelCache.Open(source, folder["cache"], null, CancellationToken.None).Dispose();
        var decoded = new Counter();

        using var pixels = PixelCache.Open(source, folder["cache"], decoded, CancellationToken.None);

        Assert.Equal(0, decoded.Count);
        Assert.Equal(DrawnFaces.Pixels(1, 0), pixels.Pixels(1).ToArray());
    }

    [Fact]
    public void PixelCache_Interrupted_LeavesNothingBehind()
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 2, photos: 1);

        Assert.Throws<OperationCanceledException>(() =>
            PixelCache.Open(new CropShards(folder.Path), folder["cache"], null, new CancellationToken(canceled: true)));

        Assert.Empty(Directory.EnumerateFiles(folder["cache"]));
    }

    private sealed class Counter : IProgress<int>
    {
        public int Count { get; private set; }

        public void Report(int value) => Count++;
    }
}
