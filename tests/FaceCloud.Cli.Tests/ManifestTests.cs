using System.Globalization;
using FaceCloud.Cli.Manifests;

namespace FaceCloud.Cli.Tests;

public sealed class ManifestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("facecloud-manifest-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("rows.csv")]
    [InlineData("rows.jsonl")]
    public async Task ReadAsync_AMillionRows_EachOnceInOrderAndDuplicatesAreKnown(string name)
    {
        const int rows = 1_000_000;
        var path = Path.Combine(_folder.FullName, name);
        var isCsv = name.EndsWith(".csv", StringComparison.Ordinal);
        await using (var writer = new StreamWriter(path))
        {
            if (isCsv)
            {
                writer.WriteLine("person_id,path");
            }

            for (var row = 0; row < rows; row++)
            {
                // Every hundred-thousandth repeats the first.
                var photo = row % 100_000 == 0 ? 0 : row;
                writer.WriteLine(isCsv
                    ? string.Create(CultureInfo.InvariantCulture, $"person-{photo},photos/{photo}.jpg")
                    : string.Create(CultureInfo.InvariantCulture, $$"""{"person_id":"person-{{photo}}","path":"photos/{{photo}}.jpg"}"""));
            }
        }

        var (read, repeated, inOrder, last) = (0, 0, true, 0L);
        var seen = new SeenRows();
        await foreach (var entry in Manifest.Open(path).ReadAsync(TestContext.Current.CancellationToken))
        {
            read++;
            inOrder &= entry.Row!.Line > last;
            last = entry.Row.Line;
            repeated += seen.LineOf(entry.Row) is null ? 0 : 1;
        }

        Assert.Equal((rows, 9, true), (read, repeated, inOrder));
    }

    [Theory]
    [InlineData("person_id,path\na,1\n", 1)]
    [InlineData("person_id,path\r\na,1\r\nb,2", 2)]
    [InlineData("person_id,path\n\n  \na,1\n\n", 1)]
    public async Task ReadAsync_LineEndsAndEmptyLines_DoNotMatter(string text, int rows)
    {
        var path = Path.Combine(_folder.FullName, "a.csv");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);

        Assert.Equal(rows, await Manifest.Open(path).ReadAsync(TestContext.Current.CancellationToken).CountAsync(entry => entry.Row is not null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ReadAsync_LineOf64MegabytesAmongOthers_OnlyItIsRejected()
    {
        var path = Path.Combine(_folder.FullName, "long.csv");
        await using (var file = File.Create(path))
        {
            file.Write("person_id,path\na,1\nb,"u8);
            var piece = new byte[1024 * 1024];
            Array.Fill(piece, (byte)'x');
            for (var written = 0; written < 64; written++)
            {
                file.Write(piece);
            }

            file.Write("\nc,3\n"u8);
        }

        var entries = await Manifest.Open(path).ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([2L, 4L], entries.Where(entry => entry.Row is not null).Select(entry => entry.Row!.Line));
        Assert.Equal((3L, "ROW_TOO_LONG"), entries.Where(entry => entry.Rejected is not null).Select(entry => (entry.Rejected!.Line, entry.Rejected.Reason)).Single());
    }
}
