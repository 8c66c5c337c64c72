using System.Formats.Tar;
using System.Globalization;
using System.Numerics;
using System.Text;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Detection;
using FaceCloud.Vision;
using NetVips;

namespace FaceCloud.Trainer.Tests.Support;

/// <summary>Photos for detectors that show nobody: a disc of skin colour with five dots on a plain ground, and its labels.</summary>
public static class LabelledDrawings
{
    public const int Width = 120;
    public const int Height = 96;

    /// <summary>The five dots of a face: red, green, blue, white, black.</summary>
    public static IReadOnlyList<(byte Red, byte Green, byte Blue)> Dots { get; } = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)];

    /// <summary>The face of a drawing.</summary>
    public static LabelledFace Face(int seed)
    {
        var (x, y) = (45 + (seed * 7 % 30), 44 + (seed * 5 % 12));
        return new LabelledFace(
            new FaceBox(x - 20, y - 24, 40, 48),
            new FaceLandmarks(new Vector2(x - 9, y - 8), new Vector2(x + 9, y - 7), new Vector2(x + 1, y + 2), new Vector2(x - 7, y + 11), new Vector2(x + 8, y + 12)));
    }

    public static byte[] Png(int seed, bool face = true)
    {
        var pixels = new byte[Width * Height * 3];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                Colour(seed, face, x + 0.5f, y + 0.5f).CopyTo(pixels, ((y * Width) + x) * 3);
            }
        }

        using var image = Image.NewFromMemory(pixels, Width, Height, 3, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.PngsaveBuffer();
    }

    /// <summary>Photos 0.png, 1.png, … in a tar file or as files, with their labels; the last ones without a face.</summary>
    public static void Write(string folder, int count, int faceFree = 0, bool shard = true, int? damaged = null)
    {
        var (photos, labels) = (new StringBuilder("shard,name,source,width,height,faces,origin,origin_size\n"), new StringBuilder("name,x,y,w,h,eye1_x,eye1_y,eye2_x,eye2_y,nose_x,nose_y,mouth1_x,mouth1_y,mouth2_x,mouth2_y,score\n"));
        using var tar = shard ? new TarWriter(File.Create(Path.Combine(folder, "shard-000.tar")), TarEntryFormat.Ustar) : null;
        for (var i = 0; i < count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{i}.png");
            var hasFace = i < count - faceFree;
            var bytes = Png(i, hasFace);
            bytes = i == damaged ? bytes[..40] : bytes;
            if (tar is null)
            {
                File.WriteAllBytes(Path.Combine(folder, name), bytes);
            }
            else
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
                photos.Append(CultureInfo.InvariantCulture, $"shard-000.tar,{name},drawn,{Width},{Height},{(hasFace ? 1 : 0)},{name},\n");
            }

            if (hasFace)
            {
                labels.Append(Row(name, Face(i)));
            }
        }

        File.WriteAllText(Path.Combine(folder, "labels.csv"), labels.ToString());
        if (shard)
        {
            File.WriteAllText(Path.Combine(folder, "photos.csv"), photos.ToString());
        }
    }

    /// <summary>A row of labels.csv.</summary>
    public static string Row(string name, in LabelledFace face)
    {
        var (b, p) = (face.Box, face.Landmarks);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name},{b.X},{b.Y},{b.Width},{b.Height},{p.LeftEye.X},{p.LeftEye.Y},{p.RightEye.X},{p.RightEye.Y},{p.Nose.X},{p.Nose.Y},{p.LeftMouth.X},{p.LeftMouth.Y},{p.RightMouth.X},{p.RightMouth.Y},0.9\n");
    }

    private static byte[] Colour(int seed, bool hasFace, float x, float y)
    {
        var at = new Vector2(x, y);
        var face = Face(seed);
        Vector2[] points = [face.Landmarks.LeftEye, face.Landmarks.RightEye, face.Landmarks.Nose, face.Landmarks.LeftMouth, face.Landmarks.RightMouth];
        for (var i = 0; i < points.Length && hasFace; i++)
        {
            if (Vector2.Distance(at, points[i]) < 2.6f)
            {
                return [Dots[i].Red, Dots[i].Green, Dots[i].Blue];
            }
        }

        var centre = new Vector2(face.Box.X + (face.Box.Width / 2), face.Box.Y + (face.Box.Height / 2));
        var inside = ((at - centre) / new Vector2(face.Box.Width / 2, face.Box.Height / 2)).LengthSquared() < 1;
        return hasFace && inside ? [210, 160, 130] : [(byte)(60 + (seed * 13 % 60)), (byte)(90 + (int)(x / 4)), (byte)(120 - (seed * 7 % 50))];
    }
}
