using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FaceCloud.Contracts;
using FaceCloud.Inference.Models;

namespace FaceCloud.Inference.Encoding;

/// <summary>
/// One aligned crop, byte[112,112,3] RGB, to an encoder's input, float32[3,H,W]: (value - mean) / std, in the model's
/// channel order, only the columns that the model takes. A model of another size gets the crop enlarged or reduced to it
/// (bilinear, pixel centres at +0.5, edges repeated): the face lies where the template of that size has it, but an
/// enlarged crop shows no more detail than 112 pixels hold.
/// </summary>
public sealed class CropTensor
{
    private const int Pixels = 16;

    private readonly int _width;
    private readonly int _height;
    private readonly int _first;
    private readonly (int First, int Second, float Weight)[] _across;
    private readonly (int First, int Second, float Weight)[] _down;
    private readonly bool _mirror;

    // By colour of the crop: which plane it fills, and what it is multiplied by and added to it.
    private readonly (int Plane, float Scale, float Shift)[] _colours;

    public CropTensor(ModelDescription model)
    {
        _width = model.InputWidth;
        _height = model.InputHeight;
        _first = model.Columns.First;
        _across = Taps(model.Columns.Count, _width);
        _down = Taps(AlignedCrop.Size, _height);
        _mirror = model.Mirror;
        _colours = new (int, float, float)[AlignedCrop.Channels];
        for (var plane = 0; plane < AlignedCrop.Channels; plane++)
        {
            var colour = model.ChannelOrder == ChannelOrder.Rgb ? plane : AlignedCrop.Channels - 1 - plane;
            _colours[colour] = (plane, 1 / model.Std[plane], -model.Mean[plane] / model.Std[plane]);
        }
    }

    /// <summary>Rows of the network's batch a crop takes: two when its mirror image goes with it.</summary>
    public int RowsPerCrop => _mirror ? 2 : 1;

    /// <summary>Numbers a crop takes.</summary>
    public int Length => RowsPerCrop * RowLength;

    private int RowLength => AlignedCrop.Channels * _height * _width;

    /// <param name="crop">byte[112*112*3].</param>
    /// <param name="destination">float32[<see cref="Length"/>].</param>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public void Write(ReadOnlySpan<byte> crop, Span<float> destination)
    {
        if (crop.Length != AlignedCrop.Bytes || destination.Length != Length)
        {
            throw new ArgumentException($"A crop of {crop.Length} bytes into {destination.Length} numbers; {AlignedCrop.Bytes} into {Length} are needed.", nameof(crop));
        }

        if (_height == AlignedCrop.Size)
        {
            Pack(crop, destination);
        }
        else
        {
            Resample(crop, destination);
        }

        if (_mirror)
        {
            var mirrored = destination[RowLength..];
            destination[..RowLength].CopyTo(mirrored);
            for (var line = 0; line < AlignedCrop.Channels * _height; line++)
            {
                mirrored.Slice(line * _width, _width).Reverse();
            }
        }
    }

    private static (int First, int Second, float Weight)[] Taps(int from, int to)
    {
        var taps = new (int, int, float)[to];
        for (var i = 0; i < to; i++)
        {
            var at = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
            var first = (int)at;
            taps[i] = (first, Math.Min(first + 1, from - 1), (float)(at - first));
        }

        return taps;
    }

    private void Pack(ReadOnlySpan<byte> crop, Span<float> destination)
    {
        var area = _height * _width;
        for (var y = 0; y < _height; y++)
        {
            var source = crop.Slice(((y * AlignedCrop.Size) + _first) * AlignedCrop.Channels, _width * AlignedCrop.Channels);
            WriteRow(
                source,
                destination.Slice((_colours[0].Plane * area) + (y * _width), _width),
                destination.Slice((_colours[1].Plane * area) + (y * _width), _width),
                destination.Slice((_colours[2].Plane * area) + (y * _width), _width));
        }
    }

    private void Resample(ReadOnlySpan<byte> crop, Span<float> destination)
    {
        for (var colour = 0; colour < AlignedCrop.Channels; colour++)
        {
            var (plane, scale, shift) = _colours[colour];
            var area = destination.Slice(plane * _height * _width, _height * _width);
            for (var y = 0; y < _height; y++)
            {
                var (top, bottom, down) = _down[y];
                var upper = crop[(((top * AlignedCrop.Size) + _first) * AlignedCrop.Channels)..];
                var lower = crop[(((bottom * AlignedCrop.Size) + _first) * AlignedCrop.Channels)..];
                var row = area.Slice(y * _width, _width);
                for (var x = 0; x < row.Length; x++)
                {
                    var (left, right, across) = _across[x];
                    var (from, to) = ((left * AlignedCrop.Channels) + colour, (right * AlignedCrop.Channels) + colour);
                    var above = upper[from] + ((upper[to] - upper[from]) * across);
                    var below = lower[from] + ((lower[to] - lower[from]) * across);
                    row[x] = ((above + ((below - above) * down)) * scale) + shift;
                }
            }
        }
    }

    private void WriteRow(ReadOnlySpan<byte> source, Span<float> red, Span<float> green, Span<float> blue)
    {
        var done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; done <= _width - Pixels; done += Pixels)
            {
                ref readonly var start = ref source[done * AlignedCrop.Channels];
                var a = Vector128.LoadUnsafe(in start);
                var b = Vector128.LoadUnsafe(in start, Pixels);
                var c = Vector128.LoadUnsafe(in start, 2 * Pixels);

                // 48 bytes r0 g0 b0 r1 ... to 16 of a colour; an index of 255 gives 0.
                Store(
                    Vector128.Shuffle(a, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13)),
                    _colours[0],
                    red.Slice(done, Pixels));
                Store(
                    Vector128.Shuffle(a, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14)),
                    _colours[1],
                    green.Slice(done, Pixels));
                Store(
                    Vector128.Shuffle(a, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15)),
                    _colours[2],
                    blue.Slice(done, Pixels));
            }
        }

        for (; done < _width; done++)
        {
            var at = done * AlignedCrop.Channels;
            red[done] = (source[at] * _colours[0].Scale) + _colours[0].Shift;
            green[done] = (source[at + 1] * _colours[1].Scale) + _colours[1].Shift;
            blue[done] = (source[at + 2] * _colours[2].Scale) + _colours[2].Shift;
        }
    }

    private static void Store(Vector128<byte> values, (int Plane, float Scale, float Shift) colour, Span<float> destination)
    {
        var (low, high) = Vector128.Widen(values);
        var (first, second) = Vector128.Widen(low);
        var (third, fourth) = Vector128.Widen(high);
        var scale = Vector128.Create(colour.Scale);
        var shift = Vector128.Create(colour.Shift);
        ref var target = ref MemoryMarshal.GetReference(destination);
        ((Vector128.ConvertToSingle(first.AsInt32()) * scale) + shift).StoreUnsafe(ref target);
        ((Vector128.ConvertToSingle(second.AsInt32()) * scale) + shift).StoreUnsafe(ref target, 4);
        ((Vector128.ConvertToSingle(third.AsInt32()) * scale) + shift).StoreUnsafe(ref target, 8);
        ((Vector128.ConvertToSingle(fourth.AsInt32()) * scale) + shift).StoreUnsafe(ref target, 12);
    }
}
