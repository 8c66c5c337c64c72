using FaceCloud.Contracts;

namespace FaceCloud.Inference.Tests.Testing;

public static class Crops
{
    public static ReadOnlyMemory<byte> Random(int seed)
    {
        var crop = new byte[AlignedCrop.Bytes];
        new Random(seed).NextBytes(crop);
        return crop;
    }

    public static ReadOnlyMemory<byte> Filled(byte value)
    {
        var crop = new byte[AlignedCrop.Bytes];
        Array.Fill(crop, value);
        return crop;
    }

    public static ReadOnlyMemory<byte> Mirrored(ReadOnlyMemory<byte> crop)
    {
        var mirrored = new byte[AlignedCrop.Bytes];
        for (var y = 0; y < AlignedCrop.Size; y++)
        {
            for (var x = 0; x < AlignedCrop.Size; x++)
            {
                crop.Span.Slice(((y * AlignedCrop.Size) + x) * 3, 3).CopyTo(mirrored.AsSpan(((y * AlignedCrop.Size) + AlignedCrop.Size - 1 - x) * 3));
            }
        }

        return mirrored;
    }
}
