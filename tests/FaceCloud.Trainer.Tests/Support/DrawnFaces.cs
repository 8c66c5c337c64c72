using System.Formats.Tar;
using System.Globalization;
using System.Text;
using NetVips;

namespace FaceCloud.Trainer.Tests.Support;

/// <summary>Pictures that need no photo of anybody: stripes and a disc whose place and colours belong to the "person".</summary>
public static class DrawnFaces
{
    public static byte[] Webp(int person, int photo, int side = 120) => Encode(person, photo, side, ".webp[lossless=true]");

    public static byte[] Png(int person, int photo, int side = 120) => Encode(person, photo, side, ".png");

    /// <summary>The pixels that <see cref="Webp"/> and <see cref="Png"/> hold.</summary>
    public static byte[] Pixels(int person, int photo, int side = 120)
    {
        var random = new Random((person * 1000) + photo);
        var pixels = new byte[side * side * 3];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var stripe = (x * (person + 1) / 8) + (y / 12);
                var at = ((y * side) + x) * 3;
                pixels[at] = (byte)(((stripe % 7) * 30) + random.Next(20));
                pixels[at + 1] = (byte)(((person * 53) % 200) + random.Next(20));
                pixels[at + 2] = (byte)((((x + (y * person)) / 16 % 5) * 40) + random.Next(20));
            }
        }

        return pixels;
    }

    /// <summary>Crop shards with one shard: persons × photos, the last <paramref name="validationPersons"/> for validation, then unlabelled ones.</summary>
    public static void WriteShards(string folder, int persons, int photos, int unlabelled = 0, int validationPersons = 0, int? damagedRow = null)
    {
        var index = new StringBuilder("shard,name,source,identity,split\n");
        using var stream = File.Create(Path.Combine(folder, "shard-000.tar"));
        using var tar = new TarWriter(stream, TarEntryFormat.Ustar);
        var row = 0;
        for (var person = 0; person < persons; person++)
        {
            for (var photo = 0; photo < photos; photo++)
            {
                Add($"p{person}", person >= persons - validationPersons ? "val" : "train", Webp(person, photo));
            }
        }

        for (var i = 0; i < unlabelled; i++)
        {
            Add("", "train", Webp(50 + i, 0));
        }

        File.WriteAllText(Path.Combine(folder, "index.csv"), index.ToString());

        void Add(string identity, string split, byte[] photo)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{row:D6}.webp");
            index.Append(CultureInfo.InvariantCulture, $"shard-000.tar,{name},drawn,{identity},{split}\n");
            var bytes = row == damagedRow ? photo[..20] : photo;
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
            row++;
        }
    }

    /// <summary>
    /// Crop shards for the test encoder, which sees the colours of tiles: each tile of a photo has its person's colour or, as often, one of its
    /// own. All persons are held out.
    /// </summary>
    public static void WriteTiles(string folder, int persons, int photos)
    {
        const int side = 112;
        const int tile = 14;
        var index = new StringBuilder("shard,name,source,identity,split\n");
        using var stream = File.Create(Path.Combine(folder, "shard-000.tar"));
        using var tar = new TarWriter(stream, TarEntryFormat.Ustar);
        for (var row = 0; row < persons * photos; row++)
        {
            var own = new Random(1000 + (row / photos));
            var chance = new Random(row);
            var colours = Enumerable.Range(0, side / tile * (side / tile))
                .Select(_ => (Person: (own.Next(256), own.Next(256), own.Next(256)), Photo: (chance.Next(256), chance.Next(256), chance.Next(256)), Kept: chance.Next(2) == 0))
                .Select(c => c.Kept ? c.Person : c.Photo)
                .ToArray();
            var pixels = new byte[side * side * 3];
            for (var i = 0; i < side * side; i++)
            {
                var (red, green, blue) = colours[(i / side / tile * (side / tile)) + (i % side / tile)];
                (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = ((byte)red, (byte)green, (byte)blue);
            }

            using var image = Image.NewFromMemory(pixels, side, side, 3, Enums.BandFormat.Uchar);
            using var bordered = image.Embed(4, 4, 120, 120, extend: Enums.Extend.Copy);
            using var colour = bordered.Copy(interpretation: Enums.Interpretation.Srgb);
            var name = string.Create(CultureInfo.InvariantCulture, $"{row:D6}.webp");
            index.Append(CultureInfo.InvariantCulture, $"shard-000.tar,{name},drawn,p{row / photos},val\n");
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(colour.WriteToBuffer(".webp[lossless=true,effort=0]")) });
        }

        File.WriteAllText(Path.Combine(folder, "index.csv"), index.ToString());
    }

    /// <summary>Unit-length embeddings of the given length, a function of the row alone.</summary>
    public static void WriteTeacher(string path, int rows, int dimension, int? brokenRow = null)
    {
        using var writer = new BinaryWriter(File.Create(path));
        for (var row = 0; row < rows; row++)
        {
            var random = new Random(row);
            var values = Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
            var norm = MathF.Sqrt(values.Sum(v => v * v));
            foreach (var value in values)
            {
                writer.Write(row == brokenRow ? Half.NaN : (Half)(value / norm));
            }
        }
    }

    private static byte[] Encode(int person, int photo, int side, string format)
    {
        using var image = Image.NewFromMemory(Pixels(person, photo, side), side, side, 3, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.WriteToBuffer(format);
    }
}
