using System.Runtime.InteropServices;
using FaceCloud.Trainer.Data;
using TorchSharp;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>A crop's colours brought to the mean shape.</summary>
public static class FaceTexture
{
    /// <summary>The crop seen through a field of half its resolution.</summary>
    /// <param name="crop">byte[120 × 120 × 3].</param>
    /// <param name="field">As <see cref="FaceRegistration"/> gives it.</param>
    /// <param name="texture">float[120 × 120 × 3], 0 to 255.</param>
    public static void Read(ReadOnlySpan<byte> crop, ReadOnlySpan<float> field, Span<float> texture)
    {
        const int side = PixelCache.Side;
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var (shiftX, shiftY) = Shift(field, x, y);
                var fromX = Math.Clamp(x + shiftX, 0, side - 1.001f);
                var fromY = Math.Clamp(y + shiftY, 0, side - 1.001f);
                var (left, top) = ((int)fromX, (int)fromY);
                var (right, down) = (fromX - left, fromY - top);
                var at = ((top * side) + left) * 3;
                for (var c = 0; c < 3; c++)
                {
                    var upper = crop[at + c] + ((crop[at + 3 + c] - crop[at + c]) * right);
                    var lower = crop[at + (side * 3) + c] + ((crop[at + (side * 3) + 3 + c] - crop[at + (side * 3) + c]) * right);
                    texture[(((y * side) + x) * 3) + c] = upper + ((lower - upper) * down);
                }
            }
        }
    }

    /// <summary>The field's shift at a place of the crop, in the crop's pixels.</summary>
    public static (float X, float Y) Shift(ReadOnlySpan<float> field, float x, float y)
    {
        const int side = FaceRegistration.Side;
        var gridX = Math.Clamp((x - 0.5f) / 2, 0, side - 1.001f);
        var gridY = Math.Clamp((y - 0.5f) / 2, 0, side - 1.001f);
        var (left, top) = ((int)gridX, (int)gridY);
        var (right, down) = (gridX - left, gridY - top);
        return (2 * Between(field, (top * side) + left, right, down), 2 * Between(field[(side * side)..], (top * side) + left, right, down));
    }

    /// <summary>Writes one row of a two-dimensional tensor.</summary>
    public static void Row(torch.Tensor data, int row, ReadOnlySpan<float> values)
    {
        // Through a view of the one row: the whole is longer than a span may be.
        using var view = data[row];
        values.CopyTo(MemoryMarshal.Cast<byte, float>(view.bytes));
    }

    private static float Between(ReadOnlySpan<float> values, int at, float right, float down)
    {
        var upper = values[at] + ((values[at + 1] - values[at]) * right);
        var lower = values[at + FaceRegistration.Side] + ((values[at + FaceRegistration.Side + 1] - values[at + FaceRegistration.Side]) * right);
        return upper + ((lower - upper) * down);
    }
}
