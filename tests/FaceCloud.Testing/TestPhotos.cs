using NetVips;

namespace FaceCloud.Testing;

/// <summary>
/// Drawn photos for the models of <see cref="TestModels"/>. Photos of one seed show one person: their embeddings are
/// close, those of two seeds far apart. Every (seed, variation) has other bytes. Not photos of anybody.
/// </summary>
public static class TestPhotos
{
    private const int PersonSize = 480;
    private const double PersonScale = 2;
    private const int GroupCell = 200;
    private const double GroupScale = 1.25;

    /// <summary>480 x 480 JPEG with one face about 150 pixels wide; variations differ in place, size, light, noise and background.</summary>
    public static byte[] Person(int seed, int variation = 0) => Jpeg(DrawPerson(seed, variation));

    /// <summary>As <see cref="Person"/>, without loss.</summary>
    public static byte[] PersonPng(int seed, int variation = 0) => Png(DrawPerson(seed, variation));

    /// <summary>JPEG with one face a seed, the first one largest, side by side in rows.</summary>
    public static byte[] Group(params ReadOnlySpan<int> seeds)
    {
        var columns = (int)Math.Ceiling(Math.Sqrt(seeds.Length));
        var rows = (seeds.Length + columns - 1) / columns;
        var canvas = new TestCanvas(columns * GroupCell, rows * GroupCell, background: seeds.Length);
        for (var i = 0; i < seeds.Length; i++)
        {
            var scale = GroupScale * (1 - (0.3 * i / seeds.Length));
            canvas.DrawFace(seeds[i], ((i % columns) + 0.5) * GroupCell, ((i / columns) + 0.57) * GroupCell, scale);
        }

        return Jpeg(canvas);
    }

    /// <summary>640 x 480 JPEG with sky and hills, no face.</summary>
    public static byte[] Landscape()
    {
        var canvas = new TestCanvas(640, 480, background: 0);
        canvas.DrawLandscape();
        return Jpeg(canvas);
    }

    /// <summary>640 x 480 JPEG with one face of the given width of box, in pixels.</summary>
    public static byte[] SmallFace(int seed, double width = 20)
    {
        var canvas = new TestCanvas(640, 480, background: seed);
        canvas.DrawFace(seed, 320, 240, width / TestFace.BoxWidth);
        return Jpeg(canvas);
    }

    /// <summary>A person out of focus: found by the detector, far from sharp.</summary>
    public static byte[] Blurred(int seed)
    {
        using var sharp = ToImage(DrawPerson(seed, 0));
        using var blurred = sharp.Gaussblur(8);
        return blurred.WriteToBuffer(".jpg[Q=92]");
    }

    /// <summary>A person in the dark: found by the detector, mean brightness of the face about 0.05.</summary>
    public static byte[] Dark(int seed)
    {
        var canvas = new TestCanvas(PersonSize, PersonSize, background: seed, light: 0.1);
        canvas.DrawFace(seed, PersonSize / 2.0, (PersonSize / 2.0) + 30, PersonScale);
        return Jpeg(canvas);
    }

    private static TestCanvas DrawPerson(int seed, int variation)
    {
        var random = new TestRandom(((ulong)(uint)seed << 32) | (uint)variation);
        var (x, y, scale, light, noise) = variation == 0
            ? (0, 0, 0, 0, 0)
            : (random.NextSigned(), random.NextSigned(), random.NextSigned(), random.NextSigned(), 6.0);
        var canvas = new TestCanvas(PersonSize, PersonSize, background: (seed * 31) + variation, light: 1 + (0.06 * light));
        canvas.DrawFace(seed, (PersonSize / 2.0) + (20 * x), (PersonSize / 2.0) + 30 + (20 * y), PersonScale * (1 + (0.05 * scale)));
        canvas.AddNoise(random, noise);
        return canvas;
    }

    private static byte[] Jpeg(TestCanvas canvas)
    {
        using var image = ToImage(canvas);
        return image.WriteToBuffer(".jpg[Q=92]");
    }

    private static byte[] Png(TestCanvas canvas)
    {
        using var image = ToImage(canvas);
        return image.WriteToBuffer(".png");
    }

    private static Image ToImage(TestCanvas canvas)
    {
        using var image = Image.NewFromMemoryCopy(canvas.Pixels, canvas.Width, canvas.Height, 3, Enums.BandFormat.Uchar);
        return image.Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
