using System.Numerics;
using System.Numerics.Tensors;
using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>Takes the photos.</summary>
public sealed class SampleStudio(FaceModel model)
{
    /// <summary>Of a portrait, pixels.</summary>
    public const int Width = 400;

    /// <summary>Of a portrait, pixels.</summary>
    public const int Height = 480;

    // Of one person in a group.
    private const int GroupWidth = 210;
    private const int GroupHeight = 420;

    private const int JpegQuality = 86;

    /// <summary>
    /// A portrait's setting, which follows from <paramref name="take"/>; what it gives takes the photo of any expression, that is, of coefficients
    /// to add to the person's.
    /// </summary>
    public Func<float[], byte[]> Portrait(SamplePerson person, int take)
    {
        var random = new GaussianRandom(person.Seed, 1000 + take);
        var background = new Canvas(Width, Height);
        BackgroundPainter.Paint(background, (person.Seed + take) % BackgroundPainter.Kinds, (person.Seed * 31) + take);
        var scale = random.Between(1.95f, 2.25f);
        var frame = new HeadFrame(
            new Vector2((Width / 2) + random.Between(-22, 22), 226 + random.Between(-8, 14)),
            scale,
            random.Between(-0.11f, 0.11f));
        var scene = Scene(frame, random);
        var grain = Grain(Width, Height, random.Between(2, 5), (person.Seed * 7) + take);
        var painter = Painter(Width, Height, person, scene, (person.Seed * 3) + take);
        var skin = Skin(person);
        return deviation =>
        {
            var canvas = background.Copy();
            painter.Paint(canvas, Face(person.Place, deviation, skin));
            Finish(canvas, grain);
            return canvas.ToJpeg(JpegQuality);
        };
    }

    /// <summary>A small plain portrait, to see how detector and encoders take to a face; what it gives takes it of any person with this hair.</summary>
    public Func<float[], byte[]> Proof(SamplePerson person)
    {
        var scene = Scene(new HeadFrame(new Vector2(Width / 4, 115), 1.05f, 0), new GaussianRandom(person.Seed, 999)) with { LightFrom = 0 };
        var painter = Painter(Width / 2, Height / 2, person, scene, person.Seed, hairDensity: 0.3f);
        var skin = Skin(person);
        return place =>
        {
            var canvas = new Canvas(Width / 2, Height / 2);
            canvas.Change((_, _, _) => new Vector3(150));
            painter.Paint(canvas, Face(place, new float[place.Length], skin));
            return canvas.ToJpeg(JpegQuality);
        };
    }

    /// <summary>Several persons side by side before one background; what it gives takes the photo of their expressions.</summary>
    public Func<IReadOnlyList<float[]>, byte[]> Group(IReadOnlyList<SamplePerson> persons, int seed)
    {
        var random = new GaussianRandom(seed, 3000);
        var background = new Canvas(GroupWidth * persons.Count, GroupHeight);
        BackgroundPainter.Paint(background, random.Below(BackgroundPainter.Kinds), seed);
        var scenes = persons.Select((_, i) => Scene(
            new HeadFrame(
                new Vector2((GroupWidth * (i + 0.5f)) + random.Between(-8, 8), (IsBehind(i) ? 165 : 205) + random.Between(-10, 10)),
                (IsBehind(i) ? 1.35f : 1.5f) + random.Between(-0.05f, 0.05f),
                random.Between(-0.1f, 0.1f)),
            random)).ToArray();
        var painters = persons.Select((person, i) => Painter(background.Width, GroupHeight, person, scenes[i], (person.Seed * 3) + seed)).ToArray();
        var skins = persons.Select(Skin).ToArray();
        var grain = Grain(background.Width, GroupHeight, 3, seed);
        return deviations =>
        {
            var canvas = background.Copy();
            foreach (var i in Enumerable.Range(0, persons.Count).OrderByDescending(IsBehind))
            {
                painters[i].Paint(canvas, Face(persons[i].Place, deviations[i], skins[i]));
            }

            Finish(canvas, grain);
            return canvas.ToJpeg(JpegQuality);
        };
    }

    // Every second one stands behind: painted first, higher and smaller.
    private static bool IsBehind(int place) => place % 2 == 1;

    private static PortraitScene Scene(HeadFrame frame, GaussianRandom random) =>
        new(frame, Casting.Clothes(random), random.Between(-1, 1), random.Between(-1, 1), random.Between(0.9f, 1.08f));

    private PortraitPainter Painter(int width, int height, SamplePerson person, PortraitScene scene, int seed, float hairDensity = 1) =>
        new(width, height, Skin(person), person.Hair, person.NeckHalfWidth, scene, seed, hairDensity);

    private Vector3 Skin(SamplePerson person) => FaceLayer.SkinOf(model.Colours(person.Place));

    // The colour of a photo's light is left out: what is over is said by the scene, for the whole picture.
    private FaceLayer Face(float[] person, float[] deviation, Vector3 skin)
    {
        var place = (float[])deviation.Clone();
        TensorPrimitives.Add(place, person, place);
        var colours = model.Colours(place);
        var gain = skin / Vector3.Max(FaceLayer.SkinOf(colours), new Vector3(20));
        for (var i = 0; i < colours.Length; i++)
        {
            colours[i] *= gain[i % 3];
        }

        return new FaceLayer(model.Field(place), colours, sharpening: 1.5f);
    }

    // A camera's grain.
    private static float[] Grain(int width, int height, float strength, int seed)
    {
        var noise = new Noise(seed);
        var grain = new float[width * height];
        for (var i = 0; i < grain.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            grain[i] = strength * (noise.At(x * 0.93f, y * 0.93f) + (0.5f * noise.At(x / 1.9f, y / 1.9f)));
        }

        return grain;
    }

    private static void Finish(Canvas canvas, float[] grain)
    {
        var pixels = canvas.Pixels;
        for (var i = 0; i < grain.Length; i++)
        {
            pixels[i] += new Vector3(grain[i]);
        }
    }
}
