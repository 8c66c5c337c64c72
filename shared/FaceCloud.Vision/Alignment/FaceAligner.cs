using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Alignment;

/// <summary>
/// Picture and landmarks to the aligned crop: similarity to the template, 2x2 averages of the source while the reduction
/// is 2 or more, bilinear (integer coordinates are pixel centres), black outside.
/// Only the part of the picture under the crop is read.
/// </summary>
internal static class FaceAligner
{
    /// <summary>The aligned crop, or a wider one around it. False when the landmarks span no face (they coincide or are not finite).</summary>
    /// <param name="image">The picture.</param>
    /// <param name="landmarks">In pixels of <paramref name="image"/>.</param>
    /// <param name="margin">Pixels added to the template on every side; 0 for the crop that travels.</param>
    /// <param name="crop">byte[side * side * 3] with side = 112 + 2 * margin, RGB; all of it is written.</param>
    public static bool TryAlign(in RgbImage image, in FaceLandmarks landmarks, int margin, Span<byte> crop)
    {
        Span<Vector2> points = stackalloc Vector2[FaceLandmarks.Count];
        landmarks.CopyTo(points);
        if (!SimilarityTransform.TryFit(points, FaceTemplate.Points, out var toCrop))
        {
            return false;
        }

        var toSource = (toCrop with { X = toCrop.X + margin, Y = toCrop.Y + margin }).Invert();
        Warp(image, toSource, AlignedCrop.Size + (2 * margin), crop);
        return true;
    }

    private static void Warp(in RgbImage image, SimilarityTransform toSource, int side, Span<byte> crop)
    {
        var levels = 0;
        for (var reduction = toSource.Scale; reduction >= 2; reduction /= 2)
        {
            levels++;
        }

        var region = Region.Under(toSource, side, image, levels);
        if (region.IsEmpty)
        {
            crop.Clear();
            return;
        }

        var pixels = image.Pixels.Span[(((region.Top * image.Width) + region.Left) * 3)..];
        var (stride, width, height) = (image.Width * 3, region.Width, region.Height);
        var map = toSource with { X = toSource.X - region.Left, Y = toSource.Y - region.Top };
        var rented = default(PooledImage);
        try
        {
            for (; levels > 0 && width >= 2 && height >= 2; levels--)
            {
                var half = new PooledImage(width / 2, height / 2);
                Halving.Halve(pixels, stride, width, height, half.Pixels);
                rented?.Dispose();
                rented = half;
                pixels = half.Pixels;
                (stride, width, height) = (width / 2 * 3, width / 2, height / 2);

                // The centre of a halved pixel lies between the centres of its two: x = 2 x' + 0.5.
                map = new SimilarityTransform(map.A / 2, map.B / 2, (map.X - 0.5) / 2, (map.Y - 0.5) / 2);
            }

            Sample(pixels, stride, width, height, map, side, crop);
        }
        finally
        {
            rented?.Dispose();
        }
    }

    private static void Sample(ReadOnlySpan<byte> pixels, int stride, int width, int height, in SimilarityTransform map, int side, Span<byte> crop)
    {
        var to = 0;
        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++, to += 3)
            {
                var (x, y) = map.Apply(column, row);
                var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
                if (left < -1 || top < -1 || left >= width || top >= height)
                {
                    crop.Slice(to, 3).Clear();
                    continue;
                }

                var (right, down) = ((float)(x - left), (float)(y - top));
                var from = (top * stride) + (left * 3);
                if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1)
                {
                    var upper = pixels.Slice(from, 6);
                    var lower = pixels.Slice(from + stride, 6);
                    for (var c = 0; c < 3; c++)
                    {
                        crop[to + c] = Mix(upper[c], upper[c + 3], lower[c], lower[c + 3], right, down);
                    }

                    continue;
                }

                for (var c = 0; c < 3; c++)
                {
                    crop[to + c] = Mix(
                        left >= 0 && top >= 0 ? pixels[from + c] : 0,
                        left < width - 1 && top >= 0 ? pixels[from + 3 + c] : 0,
                        left >= 0 && top < height - 1 ? pixels[from + stride + c] : 0,
                        left < width - 1 && top < height - 1 ? pixels[from + stride + 3 + c] : 0,
                        right,
                        down);
                }
            }
        }
    }

    private static byte Mix(int upperLeft, int upperRight, int lowerLeft, int lowerRight, float right, float down)
    {
        var upper = upperLeft + ((upperRight - upperLeft) * right);
        var lower = lowerLeft + ((lowerRight - lowerLeft) * right);
        return (byte)(upper + ((lower - upper) * down) + 0.5f);
    }

    /// <summary>The part of the picture under the crop, on the grid of its coarsest halving.</summary>
    private readonly record struct Region(int Left, int Top, int Width, int Height)
    {
        public bool IsEmpty => Width <= 0 || Height <= 0;

        public static Region Under(in SimilarityTransform toSource, int side, in RgbImage image, int levels)
        {
            ReadOnlySpan<(double X, double Y)> corners =
            [
                toSource.Apply(0, 0),
                toSource.Apply(side - 1, 0),
                toSource.Apply(0, side - 1),
                toSource.Apply(side - 1, side - 1),
            ];
            var (minX, minY, maxX, maxY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
            foreach (var (x, y) in corners)
            {
                (minX, maxX) = (Math.Min(minX, x), Math.Max(maxX, x));
                (minY, maxY) = (Math.Min(minY, y), Math.Max(maxY, y));
            }

            // Bilinear sampling at the coarsest level reads one pixel more on every side.
            var step = 1 << levels;
            var (left, width) = Cover(minX, maxX, image.Width, step);
            var (top, height) = Cover(minY, maxY, image.Height, step);
            return new Region(left, top, width, height);
        }

        private static (int Start, int Length) Cover(double min, double max, int size, int step)
        {
            var start = (int)Math.Clamp(Math.Floor(min / step) - 1, 0, size);
            var end = (int)Math.Clamp(Math.Ceiling(max / step) + 2, 0, size);
            return (start * step, Math.Min(end * step, size) - (start * step));
        }
    }
}
