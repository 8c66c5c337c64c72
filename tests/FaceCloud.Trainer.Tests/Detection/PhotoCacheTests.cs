using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;
using NetVips;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class PhotoCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_Photos_KeepsPixelsAndHalvings()
    {
        LabelledDrawings.Write(_folder.Path, count: 2);
        using var cache = PhotoCache.Open(new LabelledPhotos(_folder.Path), _folder["cache"], CancellationToken.None);

        using var image = Image.NewFromBuffer(LabelledDrawings.Png(1));
        var pixels = image.WriteToMemory<byte>();
        Assert.Equal((120, 96), cache.Size(1));
        Assert.Equal(1, cache.Scale(1));
        Assert.Equal(pixels, cache.Pixels(1, 0).ToArray());
        Assert.Equal((60, 48), cache.Size(1, 1));
        var (x, y) = (7, 5);
        var sum = pixels[((2 * y * 120) + (2 * x)) * 3] + pixels[((2 * y * 120) + (2 * x) + 1) * 3]
            + pixels[((((2 * y) + 1) * 120) + (2 * x)) * 3] + pixels[((((2 * y) + 1) * 120) + (2 * x) + 1) * 3];
        Assert.Equal((sum + 2) / 4, cache.Pixels(1, 1)[((y * 60) + x) * 3]);
        Assert.Equal(7 * 6 * 3, cache.Pixels(1, 4).Length);
    }

    [Fact]
    public void Open_DamagedAndMissingPhotos_AreMarkedAndTheRestIsThere()
    {
        LabelledDrawings.Write(_folder.Path, count: 4, damaged: 2);
        File.AppendAllText(_folder["photos.csv"], ",gone.png,drawn,120,96,1,gone.png,\n");
        using var cache = PhotoCache.Open(new LabelledPhotos(_folder.Path), _folder["cache"], CancellationToken.None);

        Assert.Equal([2, 4], cache.Damaged.Order());
        Assert.Equal((120, 96), cache.Size(3));
    }

    [Fact]
    public void Open_LargePhoto_IsReducedWithItsScale()
    {
        using (var large = Image.Black(1600, 800, bands: 3))
        {
            large.WriteToFile(_folder["large.png"]);
        }

        File.WriteAllText(_folder["labels.csv"], "header\n" + LabelledDrawings.Row("large.png", LabelledDrawings.Face(0)));
        using var cache = PhotoCache.Open(new LabelledPhotos(_folder.Path), _folder["cache"], CancellationToken.None);

        Assert.Equal((640, 320), cache.Size(0));
        Assert.Equal(0.4f, cache.Scale(0));
    }

    [Fact]
    public void Open_SecondTime_DoesNotDecodeAgain()
    {
        LabelledDrawings.Write(_folder.Path, count: 2);
        var photos = new LabelledPhotos(_folder.Path);
        PhotoCache.Open(photos, _folder["cache"], CancellationToken.None).Dispose();
        File.Delete(_folder["shard-000.tar"]);

        using var cache = PhotoCache.Open(photos, _folder["cache"], CancellationToken.None);

        Assert.Empty(cache.Damaged);
    }

    [Fact]
    public void Open_FolderThatCannotBeWritten_SaysSo()
    {
        LabelledDrawings.Write(_folder.Path, count: 2);
        var photos = new LabelledPhotos(_folder.Path);
        Directory.CreateDirectory(_folder[$"cache/{photos.Fingerprint}.photos"]);

        var failure = Assert.Throws<TrainerException>(() => PhotoCache.Open(photos, _folder["cache"], CancellationToken.None));

        Assert.Contains("--cache", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["cache"]));
    }

    public void Dispose() => _folder.Dispose();
}
