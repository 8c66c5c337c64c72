using System.Numerics;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>Hair and neck that go with a face: the model's picture shows around the face what hair such faces have.</summary>
public static class Casting
{
    public static SamplePerson Dress(FaceModel model, float[] place, int seed)
    {
        var random = new GaussianRandom(seed, 31);
        var colours = model.Colours(place);
        var hair = Mean(colours, 44, 1, 76, 7);
        var skin = Mean(colours, 46, 30, 74, 42);
        var sides = (Mean(colours, 2, 86, 12, 106) + Mean(colours, 108, 86, 118, 106)) / 2;

        // Hair beside the jaw: the sides there are like the hair above and not like a wall.
        var longHair = Vector3.Distance(sides, hair) < 26;
        var luma = Colour.Luma(hair);

        // The model's picture is a mean over strands, gaps and background: the strands themselves are stronger in colour.
        var grey = new Vector3(luma);
        var strand = Vector3.Clamp(grey + ((hair - grey) * 1.25f), Vector3.Zero, new Vector3(255)) * (luma < 75 ? 0.7f : 1.05f);
        var kind = longHair
            ? (HairKind[])[HairKind.Loose, HairKind.Loose, HairKind.Bob, HairKind.Tied]
            : Colour.Luma(skin) < 95 ? [HairKind.Cropped, HairKind.Brushed] : [HairKind.Brushed, HairKind.Brushed, HairKind.Brushed, HairKind.Cropped];
        var style = new HairStyle(
            kind[random.Below(kind.Length)],
            strand,
            Grey: Math.Clamp((luma - 120) / 120, 0, 0.4f),
            Hairline: random.Between(17, 22),
            Volume: longHair ? random.Between(3, 8) : random.Between(1, 5),
            Parting: random.Between(-16, 16),
            Wave: longHair ? random.Between(0.3f, 3.2f) : 0,
            Sweep: random.Between(-0.9f, 0.9f),
            seed);
        return new SamplePerson(place, style, longHair ? random.Between(22, 25) : random.Between(25.5f, 29), seed);
    }

    public static Clothing Clothes(GaussianRandom random)
    {
        var cloth = Colour.FromHsv(random.Between(0, 360), random.Between(0.05f, 0.65f), random.Between(0.2f, 0.85f));
        var second = random.Chance(0.5f) ? new Vector3(random.Between(180, 240)) : cloth * 0.6f;
        return new Clothing(random.Below(4), cloth, second, random.Chance(0.2f));
    }

    private static Vector3 Mean(float[] colours, int left, int top, int right, int bottom)
    {
        var sum = Vector3.Zero;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var at = ((y * PixelCache.Side) + x) * 3;
                sum += new Vector3(colours[at], colours[at + 1], colours[at + 2]);
            }
        }

        return sum / ((bottom - top) * (right - left));
    }
}
