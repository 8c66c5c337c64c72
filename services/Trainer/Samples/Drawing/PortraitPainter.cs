using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>
/// Lays a person over a background: hair behind, neck, clothes, ears, face, hair before, all in the scene's light. All but the face is painted
/// once and serves for many expressions.
/// </summary>
public sealed class PortraitPainter
{
    private readonly HeadFrame _frame;
    private readonly PortraitScene _scene;
    private readonly Noise _pores;
    private readonly Layer _under;
    private readonly Layer _over;

    /// <param name="width">Of the picture, pixels.</param>
    /// <param name="height">Of the picture, pixels.</param>
    /// <param name="skin">The person's complexion.</param>
    /// <param name="hair">The hair.</param>
    /// <param name="neckHalfWidth">Half the neck's width, pixels of the crop.</param>
    /// <param name="scene">All that differs from picture to picture.</param>
    /// <param name="seed">Of skin and cloth.</param>
    /// <param name="hairDensity">1 all strands; fewer and thicker ones are drawn faster.</param>
    public PortraitPainter(int width, int height, Vector3 skin, HairStyle hair, float neckHalfWidth, PortraitScene scene, int seed, float hairDensity = 1)
    {
        (_frame, _scene, _pores) = (scene.Frame, scene, new Noise(seed));

        // As bright as the face's own light.
        var light = Math.Clamp(Colour.Luma(skin) / 165, 0.75f, 1.12f);
        _under = Layer.Of(width, height, canvas =>
        {
            var body = new BodyPainter(canvas, _frame, skin, neckHalfWidth, seed);
            new HairPainter(canvas, _frame, hair, light, hairDensity).PaintBehind();
            body.PaintNeck();
            body.PaintClothes(scene.Clothing with { Colour = scene.Clothing.Colour * light, Second = scene.Clothing.Second * light });
            if (hair.Kind is not (HairKind.Loose or HairKind.Bob))
            {
                body.PaintEars();
            }

            body.PaintHead();
        });
        _over = Layer.Of(width, height, canvas => new HairPainter(canvas, _frame, hair, light, hairDensity).PaintFront());
        _under.Light(LightAt);
        _over.Light(LightAt);
    }

    public void Paint(Canvas canvas, FaceLayer face)
    {
        _under.LayOver(canvas);
        PaintFace(canvas, face);
        _over.LayOver(canvas);
    }

    // The face turns away towards its edge and gets darker there.
    private static float Rounding(Vector2 mean)
    {
        var across = Math.Clamp(MathF.Abs(mean.X - FaceRegion.CentreX) / 41, 0, 1);
        return 1 - (0.22f * MathF.Pow(across, 6)) - (0.1f * FaceRegion.SmoothStep(110, 119, mean.Y));
    }

    private Vector3 LightAt(int x, int y)
    {
        var turn = Math.Clamp((_frame.ToHead(new Vector2(x, y)).X - FaceRegion.CentreX) / 48, -1.2f, 1.2f);
        var tint = new Vector3(1 + (0.07f * _scene.Warmth), 1, 1 - (0.09f * _scene.Warmth));
        return tint * _scene.Exposure * (1 + (0.24f * _scene.LightFrom * turn));
    }

    private void PaintFace(Canvas canvas, FaceLayer face)
    {
        var reach = 78 * _frame.Scale;
        var (left, right) = ((int)Math.Max(0, _frame.Centre.X - reach), (int)Math.Min(canvas.Width - 1, _frame.Centre.X + reach));
        var (top, bottom) = ((int)Math.Max(0, _frame.Centre.Y - (1.2f * reach)), (int)Math.Min(canvas.Height - 1, _frame.Centre.Y + reach));
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var head = _frame.ToHead(new Vector2(x, y));
                if (head.X is < 8 or > 112 || head.Y is < -12 or > 135)
                {
                    continue;
                }

                var mean = face.ToMeanShape(head);
                var cover = FaceMask.Cover(mean);
                if (cover > 0)
                {
                    // Pores: fine grain that the photos learned from were too small to show.
                    var grain = 1 + (0.022f * _pores.Fractal(mean.X * 1.1f, mean.Y * 1.1f, 3));
                    canvas.Blend(x, y, face.ColourAt(FaceMask.Source(mean)) * LightAt(x, y) * (grain * Rounding(mean)), cover);
                }
            }
        }
    }
}
