using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>What is behind a person, out of focus.</summary>
public static class BackgroundPainter
{
    /// <summary>Kinds of background.</summary>
    public const int Kinds = 6;

    public static void Paint(Canvas canvas, int kind, int seed)
    {
        var random = new GaussianRandom(seed, 11);
        var noise = new Noise(seed);
        var (width, height) = ((float)canvas.Width, (float)canvas.Height);
        switch (kind)
        {
            case 0: // a plain wall, lit from a corner
                var wall = Colour.FromHsv(random.Between(20, 230), random.Between(0.03f, 0.25f), random.Between(0.55f, 0.85f));
                var corner = new Vector2(random.Chance(0.5f) ? 0 : width, 0);
                canvas.Fill((x, y) => new Vector4(wall * (1.08f - (0.35f * Vector2.Distance(new Vector2(x, y), corner) / height) + (0.03f * noise.Fractal(x / 60, y / 60, 3))), 1));
                break;
            case 1: // trees
                canvas.Fill((x, y) =>
                {
                    var leaves = noise.Fractal(x / 45, y / 45, 4);
                    return new Vector4(Colour.FromHsv(95 + (25 * noise.At(x / 90, y / 90)), 0.45f, Math.Clamp(0.45f + (0.5f * leaves), 0.08f, 1)), 1);
                });
                Discs(canvas, random, 26, 45, 75, 0.35f, 0.95f);
                canvas.Blur(7);
                break;
            case 2: // a room with a window or a door
                var room = Colour.FromHsv(random.Between(20, 45), random.Between(0.1f, 0.35f), random.Between(0.4f, 0.7f));
                canvas.Fill((x, y) => new Vector4(room * (1 - (0.25f * y / height)), 1));
                var left = random.Between(-0.1f, 0.75f) * width;
                Box(canvas, left, random.Between(0, 0.1f) * height, left + (random.Between(0.2f, 0.35f) * width), random.Between(0.5f, 0.8f) * height, new Vector3(238, 240, 244));
                var shelf = random.Between(0, 0.9f) * width;
                Box(canvas, shelf, random.Between(0.2f, 0.6f) * height, shelf + (random.Between(0.1f, 0.3f) * width), height, room * random.Between(0.4f, 0.8f));
                canvas.Blur(11);
                break;
            case 3: // evening lights
                var night = Colour.FromHsv(random.Between(200, 260), 0.5f, random.Between(0.12f, 0.25f));
                canvas.Fill((x, y) => new Vector4(night * (1 + (0.3f * noise.Fractal(x / 80, y / 80, 3))), 1));
                Discs(canvas, random, 34, 15, 55, 0.5f, 1);
                canvas.Blur(3);
                break;
            case 4: // sky over hills or a town
                var horizon = random.Between(0.45f, 0.7f) * height;
                var sky = Colour.FromHsv(random.Between(200, 215), random.Between(0.2f, 0.5f), random.Between(0.8f, 0.95f));
                var ground = Colour.FromHsv(random.Between(60, 110), 0.25f, random.Between(0.3f, 0.5f));
                canvas.Fill((x, y) =>
                {
                    var cloud = FaceRegion.SmoothStep(0.05f, 0.5f, noise.Fractal(x / 130, y / 60, 4));
                    var above = Vector3.Lerp(sky * (1 + (0.12f * y / height)), new Vector3(245), 0.7f * cloud);
                    return new Vector4(y > horizon + (22 * noise.Fractal(x / 90, 1, 3)) ? ground * (1 + (0.3f * noise.Fractal(x / 30, y / 20, 3))) : above, 1);
                });
                canvas.Blur(6);
                break;
            default: // bricks or books: boxes of kindred colours
                var hue = random.Between(0, 40);
                canvas.Fill((_, _) => new Vector4(Colour.FromHsv(hue, 0.3f, 0.35f), 1));
                for (var y = 0f; y < height; y += random.Between(36, 70))
                {
                    for (var x = -10f; x < width; x += random.Between(16, 60))
                    {
                        Box(canvas, x, y, x + random.Between(12, 50), y + random.Between(28, 60), Colour.FromHsv((hue + random.Between(-15, 40) + 360) % 360, random.Between(0.15f, 0.5f), random.Between(0.3f, 0.7f)));
                    }
                }

                canvas.Blur(6);
                break;
        }
    }

    private static void Discs(Canvas canvas, GaussianRandom random, int count, float hueFrom, float hueTo, float saturation, float value)
    {
        for (var i = 0; i < count; i++)
        {
            var centre = new Vector2(random.Between(0, canvas.Width), random.Between(0, canvas.Height));
            var radius = random.Between(6, 26);
            var colour = Colour.FromHsv(random.Between(hueFrom, hueTo), saturation * random.Between(0.3f, 1.4f), value * random.Between(0.7f, 1));
            var alpha = random.Between(0.12f, 0.5f);
            canvas.Fill((x, y) => new Vector4(colour, alpha * FaceRegion.SmoothStep(radius + 1, radius - 2, Vector2.Distance(new Vector2(x, y), centre))));
        }
    }

    private static void Box(Canvas canvas, float left, float top, float right, float bottom, Vector3 colour)
    {
        for (var y = (int)Math.Max(0, top); y < Math.Min(canvas.Height, bottom); y++)
        {
            for (var x = (int)Math.Max(0, left); x < Math.Min(canvas.Width, right); x++)
            {
                canvas[x, y] = colour;
            }
        }
    }
}
