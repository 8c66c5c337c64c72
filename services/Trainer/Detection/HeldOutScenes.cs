using System.Globalization;
using FaceCloud.Trainer.Augmentation;
using NetVips;

namespace FaceCloud.Trainer.Detection;

/// <summary>Scenes composed from photos held out: a stand-in for labelled crowds and portraits that fill the picture. Always the same ones.</summary>
public static class HeldOutScenes
{
    private const int Side = 640;

    /// <summary>PNG files with what they show, made as they are asked for.</summary>
    public static IEnumerable<(LabelledPhoto Labels, byte[] Photo)> Compose(LabelledPhotos photos, PhotoCache cache, int count)
    {
        var composer = new SceneComposer(photos, cache, heldOut: true, new SceneOptions());
        var pixels = new float[Side * Side * 3];
        var bytes = new byte[pixels.Length];
        for (var i = 0; i < count; i++)
        {
            var faces = new List<SceneFace>();
            composer.Compose(Side, new SmallRandom(20261123, i, 0), pixels, faces);
            for (var p = 0; p < pixels.Length; p += 3)
            {
                (bytes[p], bytes[p + 1], bytes[p + 2]) = ((byte)pixels[p + 2], (byte)pixels[p + 1], (byte)pixels[p]);
            }

            using var image = Image.NewFromMemory(bytes, Side, Side, 3, Enums.BandFormat.Uchar);
            using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
            yield return (
                new LabelledPhoto(
                    i.ToString(CultureInfo.InvariantCulture),
                    null,
                    [.. faces.Where(face => !face.Unsure).Select(face => new LabelledFace(face.Box, face.Landmarks))],
                    [.. faces.Where(face => face.Unsure).Select(face => face.Box)],
                    HeldOut: true),
                colour.PngsaveBuffer(compression: 1));
        }
    }
}
