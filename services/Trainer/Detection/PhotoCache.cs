using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using FaceCloud.Trainer.Failures;
using NetVips;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// All photos as pixels (RGB, rows first), each with its halvings, decoded once into a file and mapped into memory: training then costs
/// no decoding, small faces no averaging, and the system keeps in memory what fits.
/// </summary>
public sealed unsafe class PhotoCache : IDisposable
{
    /// <summary>Longer photos are reduced to this: what the product's detector looks at.</summary>
    public const int LongestSide = 640;

    /// <summary>A photo and its halvings.</summary>
    public const int Levels = 5;

    private const int EntryBytes = 24;

    private static readonly byte[] Magic = "FCPHOTO2"u8.ToArray();

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Entry[] _entries;

    private PhotoCache(string path, Entry[] entries)
    {
        _entries = entries;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
        Damaged = Enumerable.Range(0, entries.Length).Where(row => entries[row].Width == 0).ToHashSet();
    }

    /// <summary>Rows whose photo is missing or could not be read; they must not be used.</summary>
    public IReadOnlySet<int> Damaged { get; }

    /// <summary>Opens the photos' cache, building it first where it is not there yet.</summary>
    public static PhotoCache Open(LabelledPhotos photos, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{photos.Fingerprint}.photos");
        if (ReadEntries(path, photos.Photos.Count) is { } there)
        {
            return new PhotoCache(path, there);
        }

        Build(photos, path, cancellationToken);
        return new PhotoCache(path, ReadEntries(path, photos.Photos.Count) ?? throw new TrainerException($"{path} could not be read back; delete it and start again."));
    }

    /// <summary>Pixels of the stored photo.</summary>
    public (int Width, int Height) Size(int row, int level = 0) =>
        (Math.Max(1, _entries[row].Width >> level), Math.Max(1, _entries[row].Height >> level));

    /// <summary>Stored width over the photo's own: what labels are multiplied by.</summary>
    public float Scale(int row) => _entries[row].Scale;

    /// <summary>The photo halved <paramref name="level"/> times; valid while the cache is open.</summary>
    public ReadOnlySpan<byte> Pixels(int row, int level)
    {
        var offset = _entries[row].Offset;
        for (var i = 0; i < level; i++)
        {
            offset += Bytes(Size(row, i));
        }

        return new ReadOnlySpan<byte>(_start + offset, Bytes(Size(row, level)));
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static int Bytes((int Width, int Height) size) => size.Width * size.Height * 3;

    private static int HeaderBytes(int count) => Magic.Length + (count * EntryBytes);

    private static Entry[]? ReadEntries(string path, int count)
    {
        if (!File.Exists(path) || new FileInfo(path).Length < HeaderBytes(count))
        {
            return null;
        }

        using var reader = new BinaryReader(File.OpenRead(path));
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            return null;
        }

        var entries = new Entry[count];
        for (var i = 0; i < count; i++)
        {
            entries[i] = new Entry(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadSingle());
            reader.ReadInt32();
        }

        return entries;
    }

    private static void Build(LabelledPhotos photos, string path, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
            {
                var header = new byte[HeaderBytes(photos.Photos.Count)];
                Magic.CopyTo(header, 0);
                stream.Position = header.Length;
                foreach (var (row, photo) in photos.Read(Enumerable.Range(0, photos.Photos.Count).ToHashSet()))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (Decode(photo) is not { } decoded)
                    {
                        continue;
                    }

                    var entry = header.AsSpan(Magic.Length + (row * EntryBytes));
                    BinaryPrimitives.WriteInt64LittleEndian(entry, stream.Position);
                    BinaryPrimitives.WriteInt32LittleEndian(entry[8..], decoded.Width);
                    BinaryPrimitives.WriteInt32LittleEndian(entry[12..], decoded.Height);
                    BinaryPrimitives.WriteSingleLittleEndian(entry[16..], decoded.Scale);
                    var (pixels, width, height) = (decoded.Pixels, decoded.Width, decoded.Height);
                    for (var level = 0; level < Levels; level++)
                    {
                        stream.Write(pixels);
                        pixels = Halve(pixels, width, height);
                        (width, height) = (Math.Max(1, width / 2), Math.Max(1, height / 2));
                    }
                }

                // Readers take a pixel and the byte after it in one go.
                stream.WriteByte(0);
                stream.Position = 0;
                stream.Write(header);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"The decoded photos could not be written to {Path.GetDirectoryName(path)}: {e.Message} Choose another folder with --cache, or make room.", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static (byte[] Pixels, int Width, int Height, float Scale)? Decode(byte[] photo)
    {
        try
        {
            using var raw = Image.NewFromBuffer(photo, failOn: Enums.FailOn.Error);
            using var colour = raw.Colourspace(Enums.Interpretation.Srgb);
            using var flat = colour.HasAlpha() ? colour.Flatten() : colour.Copy();
            var longest = Math.Max(flat.Width, flat.Height);
            using var sized = longest > LongestSide ? flat.ThumbnailImage(LongestSide, height: LongestSide, size: Enums.Size.Down) : flat.Copy();
            using var bytes = sized.Cast(Enums.BandFormat.Uchar);
            return (bytes.WriteToMemory<byte>(), bytes.Width, bytes.Height, (float)bytes.Width / raw.Width);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <summary>Averages of 2×2 pixels; an odd last row or column is left out, as the product does.</summary>
    private static byte[] Halve(byte[] pixels, int width, int height)
    {
        var (halfWidth, halfHeight) = (Math.Max(1, width / 2), Math.Max(1, height / 2));
        var half = new byte[halfWidth * halfHeight * 3];
        for (var y = 0; y < halfHeight; y++)
        {
            var upper = pixels.AsSpan(y * 2 * width * 3);
            var lower = height > 1 ? upper[(width * 3)..] : upper;
            for (var x = 0; x < halfWidth; x++)
            {
                var left = x * 6;
                var right = width > 1 ? left + 3 : left;
                for (var c = 0; c < 3; c++)
                {
                    half[(((y * halfWidth) + x) * 3) + c] = (byte)((upper[left + c] + upper[right + c] + lower[left + c] + lower[right + c] + 2) / 4);
                }
            }
        }

        return half;
    }

    private readonly record struct Entry(long Offset, int Width, int Height, float Scale);
}
