using FaceCloud.Contracts;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class LabelledPhotosTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Constructor_Shards_ReadsFacesUnsureRegionsAndFaceFreePhotos()
    {
        LabelledDrawings.Write(_folder.Path, count: 4, faceFree: 2);
        File.WriteAllText(_folder["ignore.csv"], "name,x,y,w,h,score\n2.png,1,2,3,4,0.4\n");

        var photos = new LabelledPhotos(_folder.Path).Photos;

        Assert.Equal(["0.png", "1.png", "2.png", "3.png"], photos.Select(photo => photo.Name));
        Assert.Equal([LabelledDrawings.Face(1)], photos[1].Faces);
        Assert.Equal([new FaceBox(1, 2, 3, 4)], photos[2].Unsure);
        Assert.Equal([false, false, false, true], photos.Select(photo => photo.FaceFree));
    }

    [Fact]
    public void Constructor_FilesInAFolder_NeedNoIndex()
    {
        LabelledDrawings.Write(_folder.Path, count: 3, faceFree: 1, shard: false);
        Directory.CreateDirectory(_folder["more"]);
        File.Move(_folder["1.png"], _folder["more/1.png"]);
        File.WriteAllText(_folder["labels.csv"], "name\n" + LabelledDrawings.Row("more/1.png", LabelledDrawings.Face(1)));

        var photos = new LabelledPhotos(_folder.Path);

        Assert.Equal(["0.png", "2.png", "more/1.png"], photos.Photos.Select(photo => photo.Name));
        Assert.Equal([LabelledDrawings.Face(1)], photos.Photos[2].Faces);
        Assert.Equal(2, photos.Photos.Count(photo => photo.FaceFree));
    }

    [Fact]
    public void Read_WantedPhotos_ComeFromShardsAndFiles()
    {
        LabelledDrawings.Write(_folder.Path, count: 3);
        File.AppendAllText(_folder["photos.csv"], ",loose.png,drawn,120,96,1,loose.png,\n,gone.png,drawn,120,96,1,gone.png,\n");
        File.WriteAllBytes(_folder["loose.png"], LabelledDrawings.Png(9));
        var photos = new LabelledPhotos(_folder.Path);

        var read = photos.Read(new HashSet<int> { 1, 3, 4 }).ToList();

        Assert.Equal([3, 1], read.Select(photo => photo.Row));
        Assert.Equal(LabelledDrawings.Png(9), read[0].Photo);
        Assert.Equal(LabelledDrawings.Png(1), read[1].Photo);
    }

    [Fact]
    public void HeldOut_PhotosOfOneOrigin_StayTogetherAndAreATenth()
    {
        var rows = Enumerable.Range(0, 2000).Select(i => $"shard-000.tar,{i}.png,drawn,1,1,1,origin{i / 2}.jpg,");
        File.WriteAllLines(_folder["photos.csv"], ["header", .. rows]);
        File.WriteAllText(_folder["labels.csv"], "header\n" + LabelledDrawings.Row("0.png", LabelledDrawings.Face(0)));
        File.WriteAllBytes(_folder["shard-000.tar"], []);

        var photos = new LabelledPhotos(_folder.Path).Photos;

        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(photos[2 * i].HeldOut, photos[(2 * i) + 1].HeldOut));
        Assert.InRange(photos.Count(photo => photo.HeldOut), 140, 260);
    }

    [Fact]
    public void Constructor_LabelOfAMissingPhoto_NamesTheLine()
    {
        LabelledDrawings.Write(_folder.Path, count: 2);
        File.AppendAllText(_folder["labels.csv"], LabelledDrawings.Row("lost.webp", LabelledDrawings.Face(0)));

        var failure = Assert.Throws<TrainerException>(() => new LabelledPhotos(_folder.Path));

        Assert.Contains("labels.csv, line 4: there is no photo 'lost.webp'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.png,1,2,3")]
    [InlineData("0.png,1,2,0,4,1,1,1,1,1,1,1,1,1,1")]
    [InlineData("0.png,1,2,x,4,1,1,1,1,1,1,1,1,1,1")]
    [InlineData("0.png,1,2,NaN,4,1,1,1,1,1,1,1,1,1,1")]
    public void Constructor_OddRow_NamesTheLine(string row)
    {
        LabelledDrawings.Write(_folder.Path, count: 1);
        File.WriteAllText(_folder["labels.csv"], $"header\n{row}\n");

        var failure = Assert.Throws<TrainerException>(() => new LabelledPhotos(_folder.Path));

        Assert.Contains("labels.csv, line 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("14 numbers", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_EmptyFolder_SaysWhatIsExpected()
    {
        var failure = Assert.Throws<TrainerException>(() => new LabelledPhotos(_folder.Path));

        Assert.Contains("labels.csv (name,x,y,w,h", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_LabelsWithoutPhotos_SaysSo()
    {
        File.WriteAllText(_folder["labels.csv"], "name\n");

        var failure = Assert.Throws<TrainerException>(() => new LabelledPhotos(_folder.Path));

        Assert.Contains("holds no photos", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoLabelledFace_SaysSo()
    {
        LabelledDrawings.Write(_folder.Path, count: 2, faceFree: 2);

        var failure = Assert.Throws<TrainerException>(() => new LabelledPhotos(_folder.Path));

        Assert.Contains("names no face", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShardCutOff_IsNamed()
    {
        LabelledDrawings.Write(_folder.Path, count: 3);
        var bytes = File.ReadAllBytes(_folder["shard-000.tar"]);
        File.WriteAllBytes(_folder["shard-000.tar"], bytes[..(bytes.Length / 2)]);

        var failure = Assert.Throws<TrainerException>(() => new LabelledPhotos(_folder.Path).Read(new HashSet<int> { 0, 1, 2 }).Count());

        Assert.Contains("shard-000.tar", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShardMissing_IsNamed()
    {
        LabelledDrawings.Write(_folder.Path, count: 3);
        File.Delete(_folder["shard-000.tar"]);

        var failure = Assert.Throws<TrainerException>(() => new LabelledPhotos(_folder.Path).Read(new HashSet<int> { 0 }).Count());

        Assert.Contains("lacks the file shard-000.tar", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
