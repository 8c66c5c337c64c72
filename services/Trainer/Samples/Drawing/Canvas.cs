using System.Numerics;
using NetVips;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>A picture under work: one colour a pixel, rows first.</summary>
public sealed class Canvas(int width, int height)
{
    private readonly Vector3[] _pixels = new Vector3[width * height];

    public int Width => width;

    public int Height => height;

    /// <summary>Rows first.</summary>
    public Span<Vector3> Pixels => _pixels;

    public Vector3 this[int x, int y]
    {
        get => _pixels[(y * width) + x];
        set => _pixels[(y * width) + x] = value;
    }

    public Canvas Copy()
    {
        var copy = new Canvas(width, height);
        _pixels.CopyTo(copy._pixels, 0);
        return copy;
    }

    /// <summary>Lays a colour over a pixel; outside the picture nothing happens.</summary>
    public void Blend(int x, int y, Vector3 colour, float alpha)
    {
        if ((uint)x < (uint)width && (uint)y < (uint)height && alpha > 0)
        {
            ref var pixel = ref _pixels[(y * width) + x];
            pixel += (colour - pixel) * Math.Min(1, alpha);
        }
    }

    /// <summary>A straight piece of a line with soft edges.</summary>
    /// <param name="from">Pixels.</param>
    /// <param name="to">Pixels.</param>
    /// <param name="thickness">Pixels; below 1 the line grows fainter instead of thinner.</param>
    /// <param name="colour">Of the line.</param>
    /// <param name="alpha">1 covers.</param>
    public void Line(Vector2 from, Vector2 to, float thickness, Vector3 colour, float alpha)
    {
        alpha *= Math.Min(1, thickness);
        var radius = Math.Max(1, thickness) / 2;
        var along = to - from;
        var length = along.LengthSquared();
        var reach = radius + 1;
        var (left, right) = ((int)MathF.Floor(Math.Min(from.X, to.X) - reach), (int)MathF.Ceiling(Math.Max(from.X, to.X) + reach));
        var (top, bottom) = ((int)MathF.Floor(Math.Min(from.Y, to.Y) - reach), (int)MathF.Ceiling(Math.Max(from.Y, to.Y) + reach));
        for (var y = Math.Max(0, top); y <= Math.Min(height - 1, bottom); y++)
        {
            for (var x = Math.Max(0, left); x <= Math.Min(width - 1, right); x++)
            {
                var place = new Vector2(x, y);
                var part = length > 0 ? Vector2.Dot(place - from, along) / length : 0;

                // The next piece begins where this one ends: no round caps, or joints would show.
                if (part is >= 0 and < 1)
                {
                    Blend(x, y, colour, alpha * Math.Clamp(radius + 0.5f - Vector2.Distance(place, from + (along * part)), 0, 1));
                }
            }
        }
    }

    /// <summary>Fills by a function of the place: colour, and in W how much of it.</summary>
    public void Fill(Func<float, float, Vector4> layer)
    {
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var value = layer(x, y);
                Blend(x, y, value.AsVector3(), value.W);
            }
        }
    }

    /// <summary>Every pixel anew from its place and colour.</summary>
    public void Change(Func<int, int, Vector3, Vector3> change)
    {
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                _pixels[(y * width) + x] = change(x, y, _pixels[(y * width) + x]);
            }
        }
    }

    /// <summary>Out of focus: three running means one after the other, nearly a Gaussian.</summary>
    public void Blur(int radius)
    {
        for (var round = 0; round < 3 && radius > 0; round++)
        {
            for (var y = 0; y < height; y++)
            {
                RunningMean(y * width, 1, width, radius);
            }

            for (var x = 0; x < width; x++)
            {
                RunningMean(x, width, height, radius);
            }
        }
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[width * height * 3];
        for (var i = 0; i < _pixels.Length; i++)
        {
            var colour = Vector3.Clamp(_pixels[i], Vector3.Zero, new Vector3(255)) + new Vector3(0.5f);
            (bytes[i * 3], bytes[(i * 3) + 1], bytes[(i * 3) + 2]) = ((byte)colour.X, (byte)colour.Y, (byte)colour.Z);
        }

        return bytes;
    }

    public byte[] ToJpeg(int quality)
    {
        using var image = Image.NewFromMemory(ToBytes(), width, height, 3, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.JpegsaveBuffer(q: quality, optimizeCoding: true, keep: Enums.ForeignKeep.None);
    }

    private void RunningMean(int start, int step, int count, int radius)
    {
        var line = new Vector3[count];
        for (var i = 0; i < count; i++)
        {
            line[i] = _pixels[start + (i * step)];
        }

        var sum = Vector3.Zero;
        for (var i = -radius - 1; i < radius; i++)
        {
            sum += line[Math.Clamp(i, 0, count - 1)];
        }

        for (var i = 0; i < count; i++)
        {
            sum += line[Math.Min(count - 1, i + radius)] - line[Math.Max(0, i - radius - 1)];
            _pixels[start + (i * step)] = sum / ((2 * radius) + 1);
        }
    }
}
