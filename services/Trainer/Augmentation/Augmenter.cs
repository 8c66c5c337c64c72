using System.Numerics.Tensors;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Augmentation;

/// <summary>
/// A stored photo (120×120 bytes) into the encoder's input (112×112 floats, rows first, RGB, (x − 127.5) / 127.5), changed at random.
/// One instance serves one thread.
/// </summary>
public sealed class Augmenter(AugmentationOptions options)
{
    /// <summary>Pixels of a side of the output.</summary>
    public const int Side = 112;

    /// <summary>Numbers of an output photo.</summary>
    public const int Length = Side * Side * 3;

    private const int Row = Side * 3;
    private const int Margin = (PixelCache.Side - Side) / 2;
    private const int NoiseLength = 1 << 17;

    private static readonly float[] Noise = MakeNoise();

    private readonly float[] _scratch = new float[Length];
    private readonly float[] _small = new float[Length];

    /// <param name="pixels">120×120×3 bytes.</param>
    /// <param name="random">The photo's own generator.</param>
    /// <param name="output">112×112×3.</param>
    public void Apply(ReadOnlySpan<byte> pixels, SmallRandom random, Span<float> output)
    {
        Sample(pixels, ref random, output);
        if (random.Chance(options.LowResolution))
        {
            Reduce(output, 28 + random.Below(53));
        }

        if (random.Chance(options.Blur))
        {
            var rounds = 1 + random.Below(3);
            for (var i = 0; i < rounds; i++)
            {
                Blur(output);
            }
        }

        Colour(output, ref random);
        if (random.Chance(options.Noise))
        {
            var strength = random.Between(2, 14);
            TensorPrimitives.MultiplyAdd(Noise.AsSpan(random.Below(NoiseLength - Length), Length), strength, output, output);
        }

        if (random.Chance(options.Occlusion))
        {
            Cover(output, ref random);
        }

        TensorPrimitives.Min(output, 255f, output);
        TensorPrimitives.Max(output, 0f, output);
        TensorPrimitives.Subtract(output, 127.5f, output);
        TensorPrimitives.Multiply(output, 1 / 127.5f, output);
    }

    private void Sample(ReadOnlySpan<byte> pixels, ref SmallRandom random, Span<float> output)
    {
        var flip = random.Chance(options.Flip);
        if (random.Chance(options.Affine))
        {
            SampleAffine(pixels, flip, ref random, output);
            return;
        }

        var top = Margin + Offset(ref random);
        var left = Margin + Offset(ref random);
        for (var y = 0; y < Side; y++)
        {
            var source = pixels.Slice((((top + y) * PixelCache.Side) + left) * 3, Row);
            var target = output.Slice(y * Row, Row);
            if (!flip)
            {
                TensorPrimitives.ConvertChecked(source, target);
                continue;
            }

            for (var x = 0; x < Side; x++)
            {
                var from = (Side - 1 - x) * 3;
                target[x * 3] = source[from];
                target[(x * 3) + 1] = source[from + 1];
                target[(x * 3) + 2] = source[from + 2];
            }
        }
    }

    private int Offset(ref SmallRandom random)
    {
        var most = Math.Min(options.Shift, Margin);
        return random.Below((2 * most) + 1) - most;
    }

    private void SampleAffine(ReadOnlySpan<byte> pixels, bool flip, ref SmallRandom random, Span<float> output)
    {
        var angle = random.Between(-options.Angle, options.Angle) * MathF.PI / 180;
        var scale = 1 + random.Between(-options.Scale, options.Scale);
        var (sin, cos) = MathF.SinCos(angle);
        var (dx, dy) = (random.Between(-options.Shift, options.Shift), random.Between(-options.Shift, options.Shift));
        var (stepX, stepY) = (cos * scale, sin * scale);
        const float Centre = (PixelCache.Side - 1) / 2f;
        const float Half = (Side - 1) / 2f;
        for (var y = 0; y < Side; y++)
        {
            var v = y - Half;
            var start = flip ? Half : -Half;
            var step = flip ? -1f : 1f;
            var sourceX = Centre + dx + (start * stepX) - (v * stepY);
            var sourceY = Centre + dy + (start * stepY) + (v * stepX);
            var target = output.Slice(y * Row, Row);
            for (var x = 0; x < Side; x++)
            {
                var px = Math.Clamp(sourceX, 0, PixelCache.Side - 1.001f);
                var py = Math.Clamp(sourceY, 0, PixelCache.Side - 1.001f);
                var (ix, iy) = ((int)px, (int)py);
                var (fx, fy) = (px - ix, py - iy);
                var (w00, w01, w10, w11) = ((1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy);
                var upper = pixels.Slice(((iy * PixelCache.Side) + ix) * 3, 6);
                var lower = pixels.Slice((((iy + 1) * PixelCache.Side) + ix) * 3, 6);
                for (var c = 0; c < 3; c++)
                {
                    target[(x * 3) + c] = (w00 * upper[c]) + (w01 * upper[c + 3]) + (w10 * lower[c]) + (w11 * lower[c + 3]);
                }

                sourceX += step * stepX;
                sourceY += step * stepY;
            }
        }
    }

    /// <summary>Down to <paramref name="side"/> pixels and back up, bilinear.</summary>
    private void Reduce(Span<float> image, int side)
    {
        // A blur first where the reduction would otherwise skip pixels.
        if (side < Side / 2)
        {
            Blur(image);
        }

        Resize(image, Side, _small, side);
        Resize(_small, side, image, Side);
    }

    private static void Resize(ReadOnlySpan<float> source, int sourceSide, Span<float> target, int targetSide)
    {
        var ratio = (float)sourceSide / targetSide;
        Span<int> columns = stackalloc int[Side];
        Span<float> shares = stackalloc float[Side];
        for (var x = 0; x < targetSide; x++)
        {
            var place = Math.Clamp(((x + 0.5f) * ratio) - 0.5f, 0, sourceSide - 1.001f);
            columns[x] = (int)place;
            shares[x] = place - columns[x];
        }

        for (var y = 0; y < targetSide; y++)
        {
            var upper = source.Slice(columns[y] * sourceSide * 3, sourceSide * 3);
            var lower = source.Slice((columns[y] + 1) * sourceSide * 3, sourceSide * 3);
            var down = shares[y];
            var row = target.Slice(y * targetSide * 3, targetSide * 3);
            for (var x = 0; x < targetSide; x++)
            {
                var from = columns[x] * 3;
                var right = shares[x];
                for (var c = 0; c < 3; c++)
                {
                    var a = upper[from + c] + (right * (upper[from + c + 3] - upper[from + c]));
                    var b = lower[from + c] + (right * (lower[from + c + 3] - lower[from + c]));
                    row[(x * 3) + c] = a + (down * (b - a));
                }
            }
        }
    }

    /// <summary>Binomial 3×3 (1 2 1), edges left as they are across.</summary>
    private void Blur(Span<float> image)
    {
        Span<float> scratch = _scratch;
        for (var y = 0; y < Side; y++)
        {
            var row = image.Slice(y * Row, Row);
            var target = scratch.Slice(y * Row, Row);
            row.CopyTo(target);
            var middle = target[3..^3];
            TensorPrimitives.Add(row[..^6], row[6..], middle);
            TensorPrimitives.MultiplyAdd(row[3..^3], 2f, middle, middle);
            TensorPrimitives.Multiply(middle, 0.25f, middle);
        }

        for (var y = 1; y < Side - 1; y++)
        {
            var target = image.Slice(y * Row, Row);
            TensorPrimitives.Add(scratch.Slice((y - 1) * Row, Row), scratch.Slice((y + 1) * Row, Row), target);
            TensorPrimitives.MultiplyAdd(scratch.Slice(y * Row, Row), 2f, target, target);
            TensorPrimitives.Multiply(target, 0.25f, target);
        }
    }

    private void Colour(Span<float> image, ref SmallRandom random)
    {
        var contrast = 1 + random.Between(-options.Contrast, options.Contrast);
        var brightness = random.Between(-options.Brightness, options.Brightness) * 255;
        var grey = random.Chance(options.Grey);
        if (grey)
        {
            for (var i = 0; i < image.Length; i += 3)
            {
                var luma = (0.299f * image[i]) + (0.587f * image[i + 1]) + (0.114f * image[i + 2]);
                image[i] = image[i + 1] = image[i + 2] = luma;
            }
        }

        // One row of factors, repeated: red, green, blue, red, …
        Span<float> factors = stackalloc float[Row];
        Span<float> tint = [0, 0, 0];
        for (var c = 0; c < 3; c++)
        {
            tint[c] = contrast * (1 + (grey ? 0 : random.Between(-options.Tint, options.Tint)));
        }

        for (var i = 0; i < Row; i++)
        {
            factors[i] = tint[i % 3];
        }

        var shift = brightness + (127.5f * (1 - contrast));
        for (var y = 0; y < Side; y++)
        {
            var row = image.Slice(y * Row, Row);
            TensorPrimitives.MultiplyAdd(row, factors, shift, row);
        }
    }

    private void Cover(Span<float> image, ref SmallRandom random)
    {
        var most = Math.Max(1, (int)(options.OcclusionSide * Side));
        var (width, height) = (1 + random.Below(most), 1 + random.Below(most));
        var (left, top) = (random.Below(Side - width), random.Below(Side - height));
        var (red, green, blue) = (random.Between(0, 255), random.Between(0, 255), random.Between(0, 255));
        for (var y = top; y < top + height; y++)
        {
            var row = image.Slice((y * Row) + (left * 3), width * 3);
            for (var x = 0; x < row.Length; x += 3)
            {
                (row[x], row[x + 1], row[x + 2]) = (red, green, blue);
            }
        }
    }

    /// <summary>Noise of mean 0 and deviation 1, made once; a photo takes a random stretch of it.</summary>
    private static float[] MakeNoise()
    {
        var random = new SmallRandom(1, 0, 0);
        var noise = new float[NoiseLength];
        for (var i = 0; i < noise.Length; i++)
        {
            var radius = MathF.Sqrt(-2 * MathF.Log(1 - random.NextFloat()));
            noise[i] = radius * MathF.Cos(2 * MathF.PI * random.NextFloat());
        }

        return noise;
    }
}
