using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Tests.Support;

/// <summary>Skin-coloured ovals with two dark spots and a red line, a little different for everybody.</summary>
internal sealed class DrawnSource(int persons, int photos) : IFaceSource
{
    public IReadOnlyList<FaceRecord> Faces { get; } =
        [.. Enumerable.Range(0, persons * photos).Select(i => new FaceRecord($"{i}", $"p{i / photos}", FaceSplit.Train))];

    public string Fingerprint => "drawn";

    public IReadOnlyList<(string First, string Second)> SamePerson => [];

    public IReadOnlySet<int> DoubtfulLabels { get; } = new HashSet<int>();

    public IEnumerable<EncodedFace> Read() => Enumerable.Range(0, Faces.Count).Select(row => new EncodedFace(row, [(byte)row]));

    public byte[] Pixels(byte[] photo)
    {
        var row = photo[0];
        var (person, random) = (new GaussianRandom(row / photos, 1), new GaussianRandom(row, 2));
        var (eyes, mouth, light) = (50 + (6 * person.NextUniform()), 90 + (10 * person.NextUniform()), 0.8f + (0.3f * random.NextUniform()));
        var noise = new Noise(row);
        var crop = new byte[PixelCache.PhotoBytes];
        for (var i = 0; i < crop.Length / 3; i++)
        {
            var (x, y) = (i % 120, i / 120);
            var dark = Math.Abs(y - eyes) < 4 && Math.Abs(Math.Abs(x - 60) - 18) < 6;
            var red = Math.Abs(y - mouth) < 3 && Math.Abs(x - 60) < 15;
            var grain = 8 * noise.At(x / 4f, y / 4f);
            crop[i * 3] = (byte)(((dark ? 60 : 190) * light) + grain);
            crop[(i * 3) + 1] = (byte)(((dark || red ? 50 : 150) * light) + grain);
            crop[(i * 3) + 2] = (byte)(((dark || red ? 50 : 120) * light) + grain);
        }

        return crop;
    }
}
