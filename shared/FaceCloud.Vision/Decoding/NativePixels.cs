using System.Buffers;

namespace FaceCloud.Vision.Decoding;

/// <summary>Pixels in memory of libvips: decoded photos are megabytes each and would wear out the large object heap.</summary>
internal sealed unsafe class NativePixels(nint pointer, int length) : MemoryManager<byte>
{
    private nint _pointer = pointer;

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_pointer == 0, this);
        return new((void*)_pointer, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)_pointer + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        var pointer = Interlocked.Exchange(ref _pointer, 0);
        if (pointer != 0)
        {
            NetVips.NetVips.Free(pointer);
        }
    }
}
