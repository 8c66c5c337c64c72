using System.Formats.Tar;
using FaceCloud.Testing;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Detection.Labelling;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;
using NetVips;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class CropLabellingTests : IDisposable
{
    private const int Side = 240;

    private readonly TemporaryFolder _folder = new();
    private readonly ProductDetector _teacher = new(File.ReadAllBytes(Path.Combine(TestModels.Shared.Directory, "test_detector.onnx")), "test", 0.3f);
    private readonly byte[] _crop = Middle(TestPhotos.PersonPng(1));

    public CropLabellingTests()
    {
        Directory.CreateDirectory(_folder["crops"]);
        File.WriteAllText(_folder["crops/index.csv"], "shard,name,source,identity,split\nshard-000.tar,a.png,drawn,ann,train\nshard-000.tar,b.png,drawn,,train\nshard-000.tar,c.png,drawn,,train\n");
        using var tar = new TarWriter(File.Create(_folder["crops/shard-000.tar"]), TarEntryFormat.Ustar);
        Add(tar, "a.png", _crop);
        Add(tar, "b.png", TestPhotos.Landscape());
        Add(tar, "c.png", [1, 2, 3]);
    }

    [Fact]
    public async Task RunAsync_FaceAndNone_WritesTheFaceWhereTheTeacherSeesIt()
    {
        var result = await RunAsync(new CropLabellingOptions { OthersShare = 1, TurnedBelow = 0.1f });

        Assert.Equal(new CropLabellingResult(Seen: 3, Turned: 0, Others: 1, Without: 2), result);
        var photos = new LabelledPhotos(_folder["out"]);
        var photo = Assert.Single(photos.Photos);
        Assert.Equal("a.png", photo.Name);
        Assert.Equal(_crop, Assert.Single(photos.Read(new HashSet<int> { 0 })).Photo);
        var expected = Assert.Single((await _teacher.FindAsync(_crop, CancellationToken.None))!.Faces);
        var face = Assert.Single(photo.Faces);
        Assert.InRange(DetectorEvaluation.IntersectionOverUnion(expected.Box, face.Box), 0.8f, 1f);
        Assert.InRange(DetectorEvaluation.LandmarkError(expected.Landmarks, face.Landmarks), 0, 0.1);
    }

    [Fact]
    public async Task RunAsync_NoShareOfOthers_KeepsOnlyTurnedFaces()
    {
        var frontal = await RunAsync(new CropLabellingOptions { OthersShare = 0, TurnedBelow = 0.1f });
        Directory.Delete(_folder["out"], recursive: true);
        var turned = await RunAsync(new CropLabellingOptions { OthersShare = 0, TurnedBelow = 10 });

        Assert.Equal((0, 0), (frontal.Turned, frontal.Others));
        Assert.Equal((1, 0), (turned.Turned, turned.Others));
    }

    [Fact]
    public async Task RunAsync_FolderThatHoldsLabels_LeavesThemAlone()
    {
        Directory.CreateDirectory(_folder["out"]);
        await File.WriteAllTextAsync(_folder["out/labels.csv"], "mine", CancellationToken.None);

        var failure = await Assert.ThrowsAsync<TrainerException>(() => RunAsync(new CropLabellingOptions()));

        Assert.Contains("already holds labels.csv", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder["out/labels.csv"], CancellationToken.None));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _folder.Dispose();
    }

    private Task<CropLabellingResult> RunAsync(CropLabellingOptions options) =>
        new CropLabelling(_teacher, options).RunAsync(new CropShards(_folder["crops"]), _folder["out"], CancellationToken.None);

    private static byte[] Middle(byte[] photo)
    {
        using var image = Image.NewFromBuffer(photo);
        using var middle = image.Crop((image.Width - Side) / 2, (image.Height - Side) / 2, Side, Side);
        return middle.PngsaveBuffer();
    }

    private static void Add(TarWriter tar, string name, byte[] photo) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(photo) });
}
