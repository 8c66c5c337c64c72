using System.Buffers.Binary;
using System.Text;
using FaceCloud.Trainer.Native;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Native;

public sealed class LibstdcxxShimTests
{
    private const int VersionsAt = 64;
    private const int StringsAt = 128;
    private const int SectionsAt = 256;
    private const string Strings = "\0libstdc++.so.6\0GLIBCXX_3.4\0GLIBCXX_3.4.32\0_ZSt21ios_base_library_initv\0other\0";

    [Fact]
    public void Edit_FileThatNeedsTheVersion_PointsBothReferencesToTheOlderOnes()
    {
        var image = Image();

        var edited = LibstdcxxShim.Edit(image);

        Assert.True(edited);
        // The second entry now asks for GLIBCXX_3.4, under the index that symbols know it by.
        Assert.Equal(image[(VersionsAt + 16)..(VersionsAt + 20)], image[(VersionsAt + 32)..(VersionsAt + 36)]);
        Assert.Equal(18, image[VersionsAt + 32 + 6]);
        Assert.Equal((uint)Strings.IndexOf("GLIBCXX_3.4\0", StringComparison.Ordinal), BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(VersionsAt + 32 + 8)));
        var strings = Encoding.ASCII.GetString(image, StringsAt, Strings.Length);
        Assert.Contains("\0_ZNSt8ios_base4InitC1Ev\0", strings, StringComparison.Ordinal);
        Assert.DoesNotContain(LibstdcxxShim.MissingSymbol, strings, StringComparison.Ordinal);
        Assert.EndsWith("\0other\0", strings, StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_SecondTime_ChangesNothing()
    {
        var image = Image();
        LibstdcxxShim.Edit(image);
        var before = image.ToArray();

        var edited = LibstdcxxShim.Edit(image);

        Assert.False(edited);
        Assert.Equal(before, image);
    }

    [Fact]
    public void Edit_VersionNeededForAnotherSymbol_IsRefused()
    {
        var image = Image();
        image[StringsAt + Strings.IndexOf(LibstdcxxShim.MissingSymbol, StringComparison.Ordinal)] = (byte)'x';

        Assert.Throws<InvalidDataException>(() => LibstdcxxShim.Edit(image));
    }

    [Fact]
    public void Edit_NoElf_IsRefused()
    {
        Assert.Throws<InvalidDataException>(() => LibstdcxxShim.Edit(new byte[200]));
        Assert.Throws<InvalidDataException>(() => LibstdcxxShim.Edit(Image().AsSpan(0, 300)));
    }

    [Fact]
    public void Apply_File_IsReplacedWithItsTimeStamp()
    {
        using var folder = new TemporaryFolder();
        var path = folder["lib.so"];
        File.WriteAllBytes(path, Image());
        var stamp = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, stamp);

        Assert.True(LibstdcxxShim.Apply(path));
        Assert.False(LibstdcxxShim.Apply(path));

        Assert.Equal(stamp, File.GetLastWriteTimeUtc(path));
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    /// <summary>The least of an ELF-64 file: needed versions GLIBCXX_3.4 (index 2) and GLIBCXX_3.4.32 (index 18), and their strings.</summary>
    private static byte[] Image()
    {
        var image = new byte[SectionsAt + (2 * 64)];
        byte[] magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        magic.CopyTo(image, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(40), SectionsAt);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(60), 2);

        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(VersionsAt), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(VersionsAt + 2), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(VersionsAt + 4), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(VersionsAt + 8), 16);
        Version(VersionsAt + 16, 0x08922974, 2, "GLIBCXX_3.4\0", 16);
        Version(VersionsAt + 32, 0x0297f842, 18, "GLIBCXX_3.4.32\0", 0);
        Encoding.ASCII.GetBytes(Strings, image.AsSpan(StringsAt));

        Section(0, 0x6ffffffe, VersionsAt, 48, link: 1);
        Section(1, 3, StringsAt, (ulong)Strings.Length, link: 0);
        return image;

        void Version(int at, uint hash, ushort index, string name, uint next)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), hash);
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at + 6), index);
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + 8), (uint)Strings.IndexOf(name, StringComparison.Ordinal));
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + 12), next);
        }

        void Section(int index, uint type, ulong offset, ulong size, uint link)
        {
            var header = image.AsSpan(SectionsAt + (index * 64), 64);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], offset);
            BinaryPrimitives.WriteUInt64LittleEndian(header[32..], size);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], link);
        }
    }
}
