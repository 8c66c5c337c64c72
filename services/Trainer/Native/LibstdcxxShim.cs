using System.Buffers.Binary;
using System.Text;

namespace FaceCloud.Trainer.Native;

/// <summary>
/// Lets a shared object built with GCC 13 load where libstdc++ is GCC 12's. All that such a file needs from the newer library is
/// <c>std::ios_base_library_init()</c> @ GLIBCXX_3.4.32, which initialises the standard streams once. The older library does the same in
/// <c>std::ios_base::Init::Init()</c> @ GLIBCXX_3.4, whose object is empty and never read, so calling it without an argument is safe.
/// The reference is pointed there: one name in the string table, one entry in the list of needed versions.
/// </summary>
public static class LibstdcxxShim
{
    public const string MissingSymbol = "_ZSt21ios_base_library_initv";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string PresentSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string PresentVersion = "GLIBCXX_3.4";

    // Section types and entry sizes: ELF-64, System V ABI.
    private const int SectionHeaderSize = 64;
    private const uint StringTable = 3;
    private const uint NeededVersions = 0x6ffffffe;
    private const int VersionNeedSize = 16;

    /// <summary>
    /// Edits the file through a temporary file beside it and a rename, so a process that has it open keeps the old one.
    /// The time stamp stays, so a later build does not take the file for stale.
    /// </summary>
    /// <returns>False where the file needs nothing.</returns>
    /// <exception cref="InvalidDataException">The file is not a 64-bit little-endian ELF of the expected make.</exception>
    public static bool Apply(string path)
    {
        var image = File.ReadAllBytes(path);
        if (!Edit(image))
        {
            return false;
        }

        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, image);
        File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(path));
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
        }

        File.Move(temporary, path, overwrite: true);
        return true;
    }

    /// <summary>The edit itself, in memory. See <see cref="Apply"/>.</summary>
    public static bool Edit(Span<byte> image)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        }

        var versions = FindNeededVersions(image)
            ?? throw new InvalidDataException("no list of needed versions");
        var strings = Section(image, versions.Link);
        if (strings.Type != StringTable)
        {
            throw new InvalidDataException("the list of needed versions has no string table");
        }

        var missing = FindVersion(image, versions, strings, MissingVersion);
        if (missing < 0)
        {
            return false;
        }

        var present = FindVersion(image, versions, strings, PresentVersion);
        var name = image.Slice((int)strings.Offset, (int)strings.Size).IndexOf(Encoding.ASCII.GetBytes(MissingSymbol + '\0'));
        if (present < 0 || name < 0)
        {
            throw new InvalidDataException($"{MissingVersion} is needed for something else than {MissingSymbol}");
        }

        // Vernaux: hash u32, flags u16, index u16, name u32, next u32. The index stays: symbols refer to it.
        image.Slice(present, 4).CopyTo(image[missing..]);
        image.Slice(present + 8, 4).CopyTo(image[(missing + 8)..]);
        var target = image.Slice((int)strings.Offset + name, MissingSymbol.Length);
        target.Clear();
        Encoding.ASCII.GetBytes(PresentSymbol, target);
        return true;
    }

    private static ElfSection? FindNeededVersions(ReadOnlySpan<byte> image)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image[60..]);
        for (var i = 0; i < count; i++)
        {
            if (Section(image, i) is { Type: NeededVersions } section)
            {
                return section;
            }
        }

        return null;
    }

    private static ElfSection Section(ReadOnlySpan<byte> image, int index)
    {
        var table = BinaryPrimitives.ReadUInt64LittleEndian(image[40..]);
        var start = table + ((ulong)index * SectionHeaderSize);
        if (start + SectionHeaderSize > (ulong)image.Length)
        {
            throw new InvalidDataException("the section table is cut short");
        }

        var header = image.Slice((int)start, SectionHeaderSize);
        var section = new ElfSection(
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
            (int)BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
        if (section.Type is StringTable or NeededVersions && section.Offset + section.Size > (ulong)image.Length)
        {
            throw new InvalidDataException("a section lies outside the file");
        }

        return section;
    }

    /// <summary>Offset of the version's entry in the file, or -1.</summary>
    private static int FindVersion(ReadOnlySpan<byte> image, ElfSection versions, ElfSection strings, string version)
    {
        var end = (int)(versions.Offset + versions.Size);
        for (var library = (int)versions.Offset; library + VersionNeedSize <= end;)
        {
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(image[(library + 2)..]);
            var entry = library + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(library + 8)..]);
            for (var i = 0; i < entries && entry + VersionNeedSize <= end; i++)
            {
                if (Text(image, strings, BinaryPrimitives.ReadUInt32LittleEndian(image[(entry + 8)..])) == version)
                {
                    return entry;
                }

                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(entry + 12)..]);
            }

            var next = (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(library + 12)..]);
            if (next == 0)
            {
                break;
            }

            library += next;
        }

        return -1;
    }

    private static string Text(ReadOnlySpan<byte> image, ElfSection strings, uint offset)
    {
        if (offset >= strings.Size)
        {
            throw new InvalidDataException("a name lies outside the string table");
        }

        var text = image[(int)(strings.Offset + offset)..(int)(strings.Offset + strings.Size)];
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private readonly record struct ElfSection(uint Type, ulong Offset, ulong Size, int Link);
}
