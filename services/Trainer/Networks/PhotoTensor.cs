using System.Runtime.InteropServices;
using FaceCloud.Trainer.Augmentation;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Networks;

/// <summary>Numbers of this program as tensors.</summary>
public static class PhotoTensor
{
    /// <summary>Rows-first photos (N×112×112×3) seen as N×3×112×112: the order in memory that the convolutions like best.</summary>
    public static Tensor From(float[] photos, int count) =>
        Copy(photos, count, Augmenter.Side, Augmenter.Side, 3).permute(0, 3, 1, 2);

    /// <summary>
    /// N×C×h×w with the channels of a pixel side by side in memory. Not only the faster order: in the other one libtorch 2.10 computes
    /// convolutions of 24 channels wrong on some CPUs (seen on an AMD EPYC with AVX-512: off by half of the largest value, or NaN).
    /// </summary>
    public static Tensor RowsFirst(Tensor maps) => maps.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>Photos reduced to a smaller side by averaging; as they are where they are no larger.</summary>
    public static Tensor Reduce(Tensor photos, int side) =>
        side < photos.shape[2] ? nn.functional.interpolate(photos, [side, side], mode: InterpolationMode.Area) : photos;

    /// <summary>A tensor with its own memory.</summary>
    public static Tensor Copy(float[] values, params long[] shape)
    {
        var result = empty(shape);
        values.AsSpan(0, (int)result.numel()).CopyTo(MemoryMarshal.Cast<byte, float>(result.bytes));
        return result;
    }
}
