using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;
using FaceCloud.ServiceDefaults.Storage;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Tests.Photos;

public sealed class FolderPhotoStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Future = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderPhotoStore _photos;

    public FolderPhotoStoreTests() => _photos = Store(new IngestionOptions());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Save_LessFreeThanTheReserve_PhotoStoreFullAndNothingIsLeft()
    {
        var photos = Store(new IngestionOptions { PhotoStoreReserveMegabytes = 1_000_000_000 });

        var failure = await Assert.ThrowsAsync<FailureException>(() => photos.SaveAsync("abcd1234", new byte[10], None));

        Assert.Equal(FailureReason.PhotoStoreFull, failure.Reason);
        Assert.Empty(Files());
    }

    [Fact]
    public void IsFull_WriteToAFullDevice_Yes()
    {
        const string device = "/dev/full";
        Assert.SkipUnless(File.Exists(device), "This system has no /dev/full.");

        using var file = File.OpenHandle(device, FileMode.Open, FileAccess.Write);
        var exception = Assert.ThrowsAny<IOException>(() => RandomAccess.Write(file, new byte[10], 0));

        Assert.True(DiskSpace.IsFull(exception));
        Assert.False(DiskSpace.IsFull(new FileNotFoundException()));
    }

    [Fact]
    public async Task Save_ThenRead_SameBytes()
    {
        var photo = Enumerable.Range(0, 100_000).Select(value => (byte)value).ToArray();

        await _photos.SaveAsync("abcd1234", photo, None);

        Assert.Equal(photo, await _photos.ReadAsync("abcd1234", None));
    }

    [Fact]
    public async Task Save_SameKeyAgain_Replaces()
    {
        await _photos.SaveAsync("abcd1234", new byte[] { 1, 2, 3 }, None);
        await _photos.SaveAsync("abcd1234", new byte[] { 4 }, None);

        Assert.Equal([4], await _photos.ReadAsync("abcd1234", None));
        Assert.Single(Files());
    }

    [Fact]
    public async Task Save_SameKeyFromManyAtOnce_OneWholePhoto()
    {
        var photos = Enumerable.Range(1, 16).Select(value => Enumerable.Repeat((byte)value, 50_000).ToArray()).ToArray();

        await Task.WhenAll(photos.Select(photo => Task.Run(() => _photos.SaveAsync("abcd1234", photo, None))));
        var kept = await _photos.ReadAsync("abcd1234", None);

        Assert.Contains(photos, photo => photo.AsSpan().SequenceEqual(kept));
        Assert.Single(Files());
    }

    [Fact]
    public async Task Save_Cancelled_NothingIsLeft()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _photos.SaveAsync("abcd1234", new byte[10_000], new CancellationToken(true)));

        Assert.Empty(Files());
    }

    [Fact]
    public async Task Read_WhileItIsReplaced_NeverHalfAPhoto()
    {
        byte[][] versions = [Enumerable.Repeat((byte)1, 300_000).ToArray(), Enumerable.Repeat((byte)2, 200_000).ToArray()];
        await _photos.SaveAsync("abcd1234", versions[0], None);

        var writer = Task.Run(async () =>
        {
            for (var round = 0; round < 100; round++)
            {
                await _photos.SaveAsync("abcd1234", versions[round % 2], None);
            }
        });
        var torn = 0;
        while (!writer.IsCompleted)
        {
            var seen = await _photos.ReadAsync("abcd1234", None);
            torn += versions.Any(version => version.AsSpan().SequenceEqual(seen)) ? 0 : 1;
        }

        await writer;
        Assert.Equal(0, torn);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("..")]
    [InlineData("ab/cd/abcd")]
    [InlineData("/etc/passwd")]
    [InlineData("abcd.jpg")]
    [InlineData("ABCD1234")]
    [InlineData("abcd\0")]
    [InlineData("abcd\n")]
    public async Task AnyUse_KeyThatIsNoKey_LeadsNowhere(string key)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "secret"), "secret", None);

        var failure = await Assert.ThrowsAsync<FailureException>(() => _photos.ReadAsync(key, None));
        await Assert.ThrowsAsync<ArgumentException>(() => _photos.SaveAsync(key, new byte[] { 1 }, None));
        await _photos.DeleteAsync(key, None);

        Assert.Equal(FailureReason.PhotoNotFound, failure.Reason);
        Assert.Equal("secret", Path.GetFileName(Assert.Single(Files())));
    }

    [Fact]
    public async Task Read_NoSuchPhoto_PhotoNotFound()
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => _photos.ReadAsync("abcd1234", None));

        Assert.Equal(FailureReason.PhotoNotFound, failure.Reason);
    }

    [Fact]
    public async Task Delete_TwiceOrNeverSaved_IsFine()
    {
        await _photos.SaveAsync("abcd1234", new byte[] { 1 }, None);

        await _photos.DeleteAsync("abcd1234", None);
        await _photos.DeleteAsync("abcd1234", None);
        await _photos.DeleteAsync("neversaved", None);

        Assert.Empty(Files());
    }

    [Fact]
    public async Task Sweep_OldYoungAndNeeded_OnlyOldOnesNobodyNeedsGo()
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var key in new[] { "old1", "old2", "needed", "young" })
        {
            await _photos.SaveAsync(key, new byte[] { 1 }, None);
        }

        foreach (var path in Files().Where(path => Path.GetFileName(path) != "young"))
        {
            File.SetLastWriteTimeUtc(path, now.UtcDateTime.AddDays(-3));
        }

        var deleted = await _photos.SweepAsync(now.AddDays(-2), (_, _) => Task.FromResult<IReadOnlySet<string>>(new HashSet<string> { "needed" }), None);

        Assert.Equal(2, deleted);
        Assert.Equal(["needed", "young"], Files().Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public async Task Sweep_HalfWrittenFileOfACrash_Goes()
    {
        await _photos.SaveAsync("abcd1234", new byte[] { 1 }, None);
        var leftover = Path.Combine(_folder.Path, "photos", "tmp", "0123.part");
        await File.WriteAllBytesAsync(leftover, [1], None);

        var deleted = await _photos.SweepAsync(Future, (keys, _) => Task.FromResult<IReadOnlySet<string>>(keys.ToHashSet()), None);

        Assert.Equal(1, deleted);
        Assert.False(File.Exists(leftover));
        Assert.Equal([1], await _photos.ReadAsync("abcd1234", None));
    }

    [Fact]
    public async Task Sweep_FolderThatIsNotThereYet_NothingToDo()
    {
        var deleted = await _photos.SweepAsync(Future, (_, _) => Task.FromResult<IReadOnlySet<string>>(new HashSet<string>()), None);

        Assert.Equal(0, deleted);
    }

    private FolderPhotoStore Store(IngestionOptions options) =>
        new(Options.Create(new StorageOptions { Directory = _folder.Path }), Options.Create(options));

    private string[] Files() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
}
