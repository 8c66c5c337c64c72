using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Lays a person over a background: hair behind, neck, clothes, ears, face, hair before; then light on the person alone.</summary>
/// <param name="canvas">With the background.</param>
/// <param name="hairDensity">1 all strands; fewer and thicker ones are drawn faster.</param>
public sealed class PortraitPainter(Canvas canvas, float hairDensity = 1)
{
    /// <summary>Paints one person; several may follow, the nearest last.</summary>
    /// <param name="face">The face.</param>
    /// <param name="hair">The hair.</param>
    /// <param name="neckHalfWidth">Half the neck's width, pixels of the crop.</param>
    /// <param name="scene">All that differs from picture to picture.</param>
    /// <param name="seed">Of skin, cloth and grain.</param>
    public void Paint(FaceLayer face, HairStyle hair, float neckHalfWidth, PortraitScene scene, int seed)
    {
        var (person, background) = (canvas.Copy(), canvas.Copy());

        // As bright as the face's own light.
        var light = Math.Clamp(Colour.Luma(face.Skin) / 165, 0.75f, 1.12f);
        var hairPainter = new HairPainter(person, scene.Frame, hair, light, hairDensity);
        var body = new BodyPainter(person, scene.Frame, face.Skin, neckHalfWidth, seed);
        hairPainter.PaintBehind();
        body.PaintNeck();
        body.PaintClothes(scene.Clothing with { Colour = scene.Clothing.Colour * light, Second = scene.Clothing.Second * light });
        if (hair.Kind is not (HairKind.Loose or HairKind.Bob))
        {
            body.PaintEars();
        }

        body.PaintHead();
        PaintFace(person, face, scene.Frame, seed);
        hairPainter.PaintFront();
        Compose(background, person, scene);
    }

    private static void PaintFace(Canvas person, FaceLayer face, HeadFrame frame, int seed)
    {
        var noise = new Noise(seed);
        person.Fill((px, py) =>
        {
            var head = frame.ToHead(new Vector2(px, py));
            if (FaceRegion.Radius(head.X, head.Y) > 1.4f)
            {
                return Vector4.Zero;
            }

            var mean = face.ToMeanShape(head);
            var cover = FaceMask.Cover(mean);
            if (cover <= 0)
            {
                return Vector4.Zero;
            }

            // Pores: fine grain that the photos learned from were too small to show.
            var grain = 1 + (0.022f * noise.Fractal(mean.X * 1.1f, mean.Y * 1.1f, 3));
            return new Vector4(face.ColourAt(FaceMask.Source(mean)) * (grain * Rounding(mean)), cover);
        });
    }

    // The face turns away towards its edge and gets darker there.
    private static float Rounding(Vector2 mean)
    {
        var across = Math.Clamp(MathF.Abs(mean.X - FaceRegion.CentreX) / 41, 0, 1);
        return 1 - (0.22f * MathF.Pow(across, 6)) - (0.1f * FaceRegion.SmoothStep(110, 119, mean.Y));
    }

    private void Compose(Canvas background, Canvas person, PortraitScene scene)
    {
        var tint = new Vector3(1 + (0.07f * scene.Warmth), 1, 1 - (0.09f * scene.Warmth)) * scene.Exposure;
        canvas.Change((x, y, _) =>
        {
            var colour = person[x, y];
            if (colour == background[x, y])
            {
                return colour;
            }

            var head = scene.Frame.ToHead(new Vector2(x, y));
            var turn = Math.Clamp((head.X - FaceRegion.CentreX) / 48, -1.2f, 1.2f);
            return colour * tint * (1 + (0.24f * scene.LightFrom * turn));
        });
    }
}
