using System.Numerics;
using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>Hair, neck and clothes that go with a face.</summary>
public sealed class Casting(FaceModel model)
{
    private static readonly HairKind[] LongKinds = [HairKind.Loose, HairKind.Loose, HairKind.Bob];
    private static readonly HairKind[] ShortKinds = [HairKind.Brushed, HairKind.Brushed, HairKind.Brushed, HairKind.Cropped];

    public SamplePerson Dress(float[] place, bool woman, int seed)
    {
        var random = new GaussianRandom(seed, 31);
        var colours = model.Colours(place);
        var seen = Patch.Mean(colours, 44, 1, 76, 7);
        var luma = Colour.Luma(seen);

        // What is seen is a mean of strands, gaps and wall: strands themselves are stronger in colour.
        var strand = Vector3.Clamp(new Vector3(luma) + ((seen - new Vector3(luma)) * 1.25f), Vector3.Zero, new Vector3(255)) * (luma < 75 ? 0.7f : 1.05f);
        var kinds = woman ? LongKinds : ShortKinds;
        var style = new HairStyle(
            Colour.Luma(FaceLayer.SkinOf(colours)) < 100 && luma < 60 && random.Chance(0.6f) ? woman ? HairKind.Curly : HairKind.Cropped : kinds[random.Below(kinds.Length)],
            strand,
            Grey: Math.Clamp((luma - 120) / 120, 0, 0.4f),
            Hairline: woman ? random.Between(18, 22) : random.Between(14, 20),
            Volume: woman ? random.Between(3, 8) : random.Between(0.5f, 3.5f),
            Parting: random.Chance(0.5f) ? random.Between(-20, -4) : random.Between(4, 20),
            Wave: woman ? random.Between(0.3f, 3.2f) : 0,
            Sweep: random.Between(0.5f, 1.25f),
            seed);
        return new SamplePerson(place, woman, style, woman ? random.Between(26, 28.5f) : random.Between(30, 33), seed);
    }

    public static Clothing Clothes(GaussianRandom random)
    {
        var cloth = Colour.FromHsv(random.Between(0, 360), random.Between(0.05f, 0.6f), random.Between(0.18f, 0.8f));
        var second = random.Chance(0.5f) ? new Vector3(random.Between(180, 240)) : cloth * 0.6f;
        return new Clothing(random.Below(4), cloth, second, random.Chance(0.15f));
    }
}
