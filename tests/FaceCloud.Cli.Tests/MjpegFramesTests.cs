using FaceCloud.Cli.Watching;
using FaceCloud.Testing;

namespace FaceCloud.Cli.Tests;

public sealed class MjpegFramesTests
{
    private const int MaxBytes = 1024 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public async Task Read_PhotosOneAfterTheOther_EachComesOutAsItWas(int chunk)
    {
        byte[][] photos = [TestPhotos.Person(1), TestPhotos.Landscape(), TestPhotos.Person(2)];

        var frames = await ReadAsync([.. photos.SelectMany(photo => photo)], chunk);

        Assert.Equal(photos, frames);
    }

    [Fact]
    public async Task Read_OtherBytesBetweenAndHalfAPhotoAtTheEnd_OnlyWholePhotos()
    {
        var photo = TestPhotos.Person(1);

        var frames = await ReadAsync([.. "--boundary\r\n\r\n"u8, .. photo, .. "\r\n\xFF--boundary\r\n"u8, .. photo, .. photo[..200]], 64);

        Assert.Equal([photo, photo], frames);
    }

    // A preview in the photo's application data has marks of its own, and so may data that looks like them.
    [Fact]
    public async Task Read_PhotoWithAPreviewInside_IsOnePhoto()
    {
        var (photo, preview) = (TestPhotos.Person(1), TestPhotos.Landscape()[..3000]);
        byte[] inside = [.. preview, 0xFF, 0xD9, 0xFF, 0xD8];
        byte[] part = [0xFF, 0xE1, (byte)((inside.Length + 2) >> 8), (byte)(inside.Length + 2), .. inside];
        byte[] whole = [.. photo[..2], .. part, .. photo[2..]];

        var frames = await ReadAsync([.. whole, .. photo], 100);

        Assert.Equal([whole, photo], frames);
    }

    [Fact]
    public async Task Read_Nothing_NoFrames() => Assert.Empty(await ReadAsync([], 10));

    [Fact]
    public async Task Read_EndlessPhoto_IsGivenUp()
    {
        byte[] endless = [0xFF, 0xD8, .. Enumerable.Repeat((byte)7, 2 * MaxBytes)];

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(endless, 100_000));
    }

    private static Task<List<byte[]>> ReadAsync(byte[] bytes, int chunk) =>
        MjpegFrames.ReadAsync(new Slow(bytes, chunk), MaxBytes, Cancelled).ToListAsync(Cancelled).AsTask();

    // A pipe that gives a few bytes at a time.
    private sealed class Slow(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
