using System.Numerics;
using System.Numerics.Tensors;
using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>Takes the photos.</summary>
public sealed class SampleStudio(FaceModel model, PersonSampler sampler)
{
    /// <summary>Of a portrait, pixels.</summary>
    public const int Width = 400;

    /// <summary>Of a portrait, pixels.</summary>
    public const int Height = 480;

    // Of one person in a group.
    private const int GroupWidth = 210;
    private const int GroupHeight = 420;

    private const int JpegQuality = 86;

    /// <summary>A portrait; everything that differs between photos of the person follows from <paramref name="take"/>.</summary>
    public byte[] Portrait(SamplePerson person, int take)
    {
        var random = new GaussianRandom(person.Seed, 1000 + take);
        var canvas = new Canvas(Width, Height);
        BackgroundPainter.Paint(canvas, (person.Seed + take) % BackgroundPainter.Kinds, (person.Seed * 31) + take);
        var scale = random.Between(1.95f, 2.25f);
        var frame = new HeadFrame(
            new Vector2((Width / 2) + random.Between(-22, 22), 226 + random.Between(-8, 14)),
            scale,
            random.Between(-0.11f, 0.11f));
        Paint(canvas, person, take, frame, random);
        Finish(canvas, random, (person.Seed * 7) + take);
        return canvas.ToJpeg(JpegQuality);
    }

    /// <summary>A small plain portrait, to see how detector and encoders take to the face.</summary>
    public byte[] Proof(SamplePerson person)
    {
        var canvas = new Canvas(Width / 2, Height / 2);
        canvas.Change((_, _, _) => new Vector3(150));
        var frame = new HeadFrame(new Vector2(Width / 4, 115), 1.05f, 0);
        Paint(canvas, person, take: 0, frame, new GaussianRandom(person.Seed, 999));
        return canvas.ToJpeg(JpegQuality);
    }

    /// <summary>Several persons side by side, all in the same light.</summary>
    public byte[] Group(IReadOnlyList<SamplePerson> persons, int seed)
    {
        var random = new GaussianRandom(seed, 3000);
        var canvas = new Canvas(GroupWidth * persons.Count, GroupHeight);
        BackgroundPainter.Paint(canvas, random.Below(BackgroundPainter.Kinds), seed);

        // Every second one stands behind: painted first, higher and smaller.
        foreach (var i in Enumerable.Range(0, persons.Count).OrderByDescending(i => i % 2))
        {
            var behind = i % 2 == 1;
            var frame = new HeadFrame(
                new Vector2((GroupWidth * (i + 0.5f)) + random.Between(-8, 8), (behind ? 165 : 205) + random.Between(-10, 10)),
                (behind ? 1.35f : 1.5f) + random.Between(-0.05f, 0.05f),
                random.Between(-0.1f, 0.1f));
            Paint(canvas, persons[i], take: seed, frame, random);
        }

        Finish(canvas, random, seed);
        return canvas.ToJpeg(JpegQuality);
    }

    private void Paint(Canvas canvas, SamplePerson person, int take, HeadFrame frame, GaussianRandom random)
    {
        var place = sampler.Deviation(random, take == 0 ? 0.4f : 0.9f);
        TensorPrimitives.Add(place, person.Place, place);
        var face = new FaceLayer(model.Field(place), KeepComplexion(model.Colours(place), model.Colours(person.Place)), sharpening: 1.1f);
        var scene = new PortraitScene(frame, Casting.Clothes(random), random.Between(-1, 1), random.Between(-1, 1), random.Between(0.9f, 1.08f));
        new PortraitPainter(canvas).Paint(face, person.Hair, person.NeckHalfWidth, scene, (person.Seed * 3) + take);
    }

    // Of a photo's coloured light only a part: what is over is said by the scene, for the whole picture.
    private static float[] KeepComplexion(float[] photo, float[] person)
    {
        var (now, own) = (FaceLayer.SkinOf(photo), FaceLayer.SkinOf(person));
        var gain = Vector3.Lerp(Vector3.One, own / Vector3.Max(now, new Vector3(20)), 0.75f);
        for (var i = 0; i < photo.Length; i++)
        {
            photo[i] *= gain[i % 3];
        }

        return photo;
    }

    // A camera's grain.
    private static void Finish(Canvas canvas, GaussianRandom random, int seed)
    {
        var noise = new Noise(seed);
        var strength = random.Between(2, 5);
        canvas.Change((x, y, colour) => colour + new Vector3(strength * (noise.At(x * 0.93f, y * 0.93f) + (0.5f * noise.At(x / 1.9f, y / 1.9f)))));
    }
}
