using System.Buffers;

namespace FaceCloud.Vision.Imaging;

/// <summary>An image in a rented buffer, given back on dispose.</summary>
internal sealed class PooledImage(int width, int height) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(width * height * RgbImage.Channels);

    public Span<byte> Pixels => _buffer.AsSpan(0, width * height * RgbImage.Channels);

    public RgbImage Image => new(width, height, _buffer.AsMemory(0, width * height * RgbImage.Channels));

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
