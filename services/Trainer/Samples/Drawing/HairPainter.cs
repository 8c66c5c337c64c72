using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>
/// Hair as some thousand strands over a dark ground. A strand has a place between the hairline (depth 0) and the head's outline (depth 1)
/// and follows an ellipse of that depth; colour varies by tuft, by strand and by where light falls along it.
/// </summary>
public sealed class HairPainter(Canvas canvas, HeadFrame frame, HairStyle style, float light, float density)
{
    private const float CentreX = FaceRegion.CentreX;
    private const float SideY = 62;
    private const float HeadTop = -8;
    private const float HeadHalfWidth = 45;
    private const float FaceHalfWidth = 38.5f;

    private readonly Noise _noise = new(style.Seed);
    private readonly GaussianRandom _random = new(style.Seed, 5);

    /// <summary>What hangs behind neck and shoulders; goes under them.</summary>
    public void PaintBehind()
    {
        var bottom = style.Kind switch { HairKind.Loose => 178f, HairKind.Bob => 120f, _ => 0f };
        if (bottom > 0)
        {
            var dark = style.Colour * 0.38f * light;
            canvas.Fill((x, y) =>
            {
                var head = frame.ToHead(new Vector2(x, y));
                if (head.Y < HeadTop - style.Volume + 2)
                {
                    return Vector4.Zero;
                }

                var half = (HeadHalfWidth + style.Volume - 3) * (head.Y < SideY ? MathF.Sqrt(Math.Max(0, 1 - Square((head.Y - SideY) / (SideY - HeadTop + style.Volume)))) : 1);
                var inside = FaceRegion.SmoothStep(half + 1, half - 1, MathF.Abs(head.X - CentreX) + (2 * _noise.At(head.Y / 9, 3)));
                return new Vector4(dark * (1 + (0.25f * _noise.At(head.X / 2, head.Y / 40))), inside * FaceRegion.SmoothStep(bottom + 3, bottom - 6, head.Y + (5 * _noise.At(head.X / 6, 0))));
            });
        }
    }

    /// <summary>What lies on the head and before the face.</summary>
    public void PaintFront()
    {
        switch (style.Kind)
        {
            case HairKind.Loose or HairKind.Bob:
                Ground(FaceHalfWidth, 1, style.Kind == HairKind.Loose ? 100 : 90);
                Curtains();
                break;
            case HairKind.Brushed:
                Ground(FaceHalfWidth + 0.5f, 0.85f, 62);
                Tufts((int)(3200 * density), 15, 0.75f);
                break;
            case HairKind.Cropped:
                Ground(FaceHalfWidth + 1, 0.72f, 60);
                Tufts((int)(2600 * density), 4, 0.5f);
                break;
            case HairKind.Receding:
                Ground(FaceHalfWidth + 1, 0.6f, 60);
                Tufts((int)(1800 * density), 7, 0.5f);
                break;
            case HairKind.Curly:
                Ground(FaceHalfWidth, 0.95f, 74);
                Curls();
                break;
        }
    }

    private static float Square(float x) => x * x;

    // The ellipse of a depth: half its width, and its top.
    private (float HalfWidth, float Top) Ellipse(float depth, float hairline) =>
        (FaceHalfWidth + ((HeadHalfWidth + style.Volume - FaceHalfWidth) * depth), hairline + ((HeadTop - style.Volume - hairline) * depth));

    // 0 on the hairline, 1 on the outline; below 0 on the face, above 1 outside.
    private float DepthAt(Vector2 head)
    {
        var (dx, y) = (MathF.Abs(head.X - CentreX), Math.Min(head.Y, SideY));
        var hairline = Hairline(head.X);
        var (low, high) = (-0.6f, 1.6f);
        for (var i = 0; i < 12; i++)
        {
            var middle = (low + high) / 2;
            var (half, top) = Ellipse(middle, hairline);
            var outside = Square(dx / half) + Square((SideY - y) / (SideY - top)) > 1;
            (low, high) = outside ? (middle, high) : (low, middle);
        }

        return low;
    }

    private float Hairline(float x) => style.Hairline + (2.2f * _noise.At(x / 9, 7)) - (style.Kind == HairKind.Receding ? 16 * MathF.Exp(-Square((x - CentreX) / 30)) : 0);

    // Dark hair under the strands, thin towards the face.
    private void Ground(float faceHalfWidth, float strength, float bottom)
    {
        var dark = style.Colour * 0.5f * light;
        canvas.Fill((x, y) =>
        {
            var head = frame.ToHead(new Vector2(x, y));
            if (head.Y > bottom + 8 || head.Y < HeadTop - style.Volume - 6)
            {
                return Vector4.Zero;
            }

            var depth = DepthAt(head) + (0.06f * _noise.At(head.X / 1.5f, head.Y / 1.5f));
            var edge = MathF.Abs(head.X - CentreX) > faceHalfWidth - 4 ? 0.25f : 0.4f;
            var cover = FaceRegion.SmoothStep(-0.02f, edge, depth) * FaceRegion.SmoothStep(1.02f, 0.94f, depth);
            if (style.Kind is HairKind.Brushed or HairKind.Cropped)
            {
                // Sideburns get narrow.
                var narrow = 0.85f * Math.Clamp((head.Y - 42) / 26, 0, 1);
                cover *= FaceRegion.SmoothStep(narrow - 0.05f, narrow + 0.25f, depth);
            }

            if (style.Kind == HairKind.Receding)
            {
                cover *= FaceRegion.SmoothStep(6, 26, head.Y);
            }

            return new Vector4(dark, strength * cover * FaceRegion.SmoothStep(bottom + 6, bottom - 10, head.Y));
        });
    }

    // Long hair: from the parting along an ellipse down to the ears, then hanging.
    private void Curtains()
    {
        var end = style.Kind == HairKind.Loose ? 168f : 112f;
        var count = (int)(2400 * density);
        foreach (var side in (int[])[-1, 1])
        {
            for (var i = 0; i < count; i++)
            {
                // The deepest first: what is nearer to the face lies above. Strands cross, or depths would show as rings.
                var depth = 1.02f - (1.06f * i / count) + (0.02f * _random.Next());
                var cross = 0.3f * _random.Next();
                var colour = StrandColour(depth * 9, side);
                var phase = (3 * _noise.At(depth * 4, side)) + (0.3f * _random.Next());
                var stop = end + (7 * _random.Next()) - (12 * (1 - depth));
                var shift = 0.6f * _random.Next();
                var parting = style.Parting + (1.2f * _random.Next());
                Strand(
                    s =>
                    {
                        // Until s = 1 along the ellipse from the parting to the ear, then down.
                        if (s < 1)
                        {
                            var here = Math.Clamp(depth + (cross * s * (1 - s) * 2), -0.04f, 1.04f);
                            var (half, top) = Ellipse(here, style.Hairline - 2);
                            var start = MathF.Asin(Math.Clamp(side * parting / half, -0.9f, 0.9f));
                            var angle = start + (s * ((MathF.PI / 2) - start));
                            return new Vector2(CentreX + (side * half * MathF.Sin(angle)) + (shift * s), SideY - ((SideY - top) * MathF.Cos(angle)));
                        }

                        var y = SideY + ((s - 1) * (stop - SideY));
                        var fall = (y - SideY) / 100;
                        var swing = style.Wave * Math.Min(1, fall * 3) * MathF.Sin((y / 11) + phase);
                        var flare = (8 * fall * (depth - 0.35f)) + (style.Kind == HairKind.Bob ? -14 * fall * fall * depth : 0);
                        return new Vector2(CentreX + (side * (Ellipse(Math.Clamp(depth, -0.04f, 1.04f), style.Hairline - 2).HalfWidth + flare)) + swing + shift, y);
                    },
                    34,
                    s => colour * Shine(s < 1 ? s : 1 + ((s - 1) * 1.4f), depth),
                    0.75f,
                    s => 0.7f * FaceRegion.SmoothStep(-0.1f, 0.1f, depth) * FaceRegion.SmoothStep(0, 0.06f, s) * FaceRegion.SmoothStep(2, 1.85f, s));
            }
        }
    }

    // Short hair: from its root outwards, leaning.
    private void Tufts(int count, float length, float alpha)
    {
        for (var i = 0; i < count; i++)
        {
            var angle = MathF.PI * _random.Between(-0.5f, 0.5f);
            var depth = 0.97f - (0.97f * i / count) + (0.03f * _random.Next());
            var (half, top) = Ellipse(depth, Hairline(CentreX + (40 * MathF.Sin(angle))));
            var root = new Vector2(CentreX + (half * MathF.Sin(angle)), SideY - ((SideY - top) * MathF.Cos(angle)));
            if (style.Kind == HairKind.Receding && root.Y < 14 + (6 * _random.Next()))
            {
                continue;
            }

            // Combed to both sides of the parting; at the sides it lies down flat.
            var side = MathF.Abs(MathF.Sin(angle));
            var tuft = _noise.At(root.X / 5, root.Y / 5);
            var way = root.X < CentreX + style.Parting ? -1 : 1;
            var lean = (way * (style.Sweep + ((1.25f - style.Sweep) * side))) + (0.22f * tuft) + (0.1f * _random.Next());
            var outward = angle + lean;
            var reach = length * (1 - (0.55f * side)) * (0.7f + (0.3f * _random.NextUniform())) * (depth > 0.75f ? 0.7f : 1);
            var bend = 0.35f * way * (1 - side);
            var colour = StrandColour((root.X + root.Y) / 4, 3) * Shine(0.3f + (0.5f * side), depth + (0.2f * tuft));
            Strand(
                s =>
                {
                    var direction = outward + (bend * s);
                    return root + (reach * s * new Vector2(MathF.Sin(direction), -MathF.Cos(direction)));
                },
                6,
                s => colour * (0.8f + (0.3f * s)),
                0.75f,
                s => alpha * FaceRegion.SmoothStep(-0.1f, 0.4f, s) * FaceRegion.SmoothStep(1.1f, 0.75f, s));
        }
    }

    private void Curls()
    {
        var count = (int)(1500 * density);
        for (var i = 0; i < count; i++)
        {
            var angle = MathF.PI * _random.Between(-0.58f, 0.58f);
            var depth = 1 - (i / (float)count) + (0.05f * _random.Next());
            var (half, top) = Ellipse(Math.Min(1.04f, depth), Hairline(CentreX + (40 * MathF.Sin(angle))));
            var centre = new Vector2(CentreX + (half * MathF.Sin(angle)), SideY - ((SideY - top) * MathF.Cos(angle)));
            var radius = _random.Between(1.6f, 3.4f);
            var start = _random.Between(0, 2 * MathF.PI);
            var colour = StrandColour((centre.X + (centre.Y * 2)) / 3, 4);
            Strand(
                s => centre + (radius * (1 - (0.3f * s)) * new Vector2(MathF.Cos(start + (4.4f * s)), MathF.Sin(start + (4.4f * s)))),
                12,
                s => colour * (0.7f + (0.5f * MathF.Max(0, -MathF.Sin(start + (4.4f * s))))),
                0.8f,
                _ => depth > 0.1f ? 0.75f : 0.45f);
        }
    }

    private void Strand(Func<float, Vector2> path, int pieces, Func<float, Vector3> colour, float thickness, Func<float, float> alpha)
    {
        // A path that hangs has twice the parameter: the head's ellipse, then the fall.
        var end = pieces > 20 ? 2f : 1f;
        var last = frame.ToPicture(path(0));
        for (var i = 1; i <= pieces; i++)
        {
            var s = end * i / pieces;
            var next = frame.ToPicture(path(s));
            canvas.Line(last, next, thickness * frame.Scale * 0.55f / MathF.Sqrt(density), colour(s) * light, alpha(s));
            last = next;
        }
    }

    private Vector3 StrandColour(float tuft, int row)
    {
        var grey = _random.NextUniform() < style.Grey;
        var colour = grey ? new Vector3(Math.Max(150, Colour.Luma(style.Colour) * 1.5f)) : style.Colour;
        return colour * (1 + (0.1f * _noise.At(tuft, row)) + (0.1f * _noise.At(4.7f * tuft, row)) + (0.15f * _random.Next()));
    }

    // A band of light where hair turns over the head, and shadow inside.
    private static float Shine(float along, float depth) =>
        (0.72f + (0.22f * Math.Clamp(depth, 0, 1))) * (1 + (0.45f * MathF.Exp(-Square((along - 0.5f) / 0.2f))));
}
