using System.IO.MemoryMappedFiles;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Data;

/// <summary>
/// All photos of a source as 120×120×3 bytes (RGB, rows first), decoded once into a file and mapped into memory:
/// training then costs no decoding, and the system keeps in memory what fits.
/// </summary>
public sealed unsafe class PixelCache : IDisposable
{
    /// <summary>Pixels of a side: the 112 of the encoder's input and a margin of 4 for shifts.</summary>
    public const int Side = 120;

    /// <summary>Bytes of a photo.</summary>
    public const int PhotoBytes = Side * Side * 3;

    private static readonly byte[] Magic = "FCPIXEL1"u8.ToArray();

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _count;

    private PixelCache(string path, int count)
    {
        _count = count;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
        Damaged = Enumerable.Range(0, count).Where(row => _start[Magic.Length + row] == 0).ToHashSet();
    }

    /// <summary>Rows whose photo could not be read or shows no face; they must not be used.</summary>
    public IReadOnlySet<int> Damaged { get; }

    /// <summary>Opens the source's cache, building it first where it is not there yet.</summary>
    /// <param name="source">The photos.</param>
    /// <param name="folder">Where the cache lies; 43,200 bytes a photo.</param>
    /// <param name="progress">Photos decoded so far.</param>
    /// <param name="cancellationToken">Stops the building; nothing half-built stays in use.</param>
    public static PixelCache Open(IFaceSource source, string folder, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{source.Fingerprint}.pixels");
        if (!IsWhole(path, source.Faces.Count))
        {
            Build(source, path, progress, cancellationToken);
        }

        return new PixelCache(path, source.Faces.Count);
    }

    /// <summary>The photo's pixels; valid while the cache is open.</summary>
    public ReadOnlySpan<byte> Pixels(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_count, nameof(row));
        return new ReadOnlySpan<byte>(_start + HeaderBytes(_count) + ((long)row * PhotoBytes), PhotoBytes);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static long HeaderBytes(int count) => Magic.Length + count;

    private static long WholeBytes(int count) => HeaderBytes(count) + ((long)count * PhotoBytes);

    private static bool IsWhole(string path, int count)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != WholeBytes(count))
        {
            return false;
        }

        using var stream = File.OpenRead(path);
        var magic = new byte[Magic.Length];
        stream.ReadExactly(magic);
        return magic.AsSpan().SequenceEqual(Magic);
    }

    private static void Build(IFaceSource source, string path, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
            {
                stream.SetLength(WholeBytes(source.Faces.Count));
                stream.Write(Magic);
                var decoded = 0;
                Parallel.ForEach(
                    source.Read(),
                    new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2) },
                    face =>
                    {
                        if (source.Pixels(face.Photo) is { } pixels)
                        {
                            RandomAccess.Write(stream.SafeFileHandle, pixels, HeaderBytes(source.Faces.Count) + ((long)face.Row * PhotoBytes));
                            RandomAccess.Write(stream.SafeFileHandle, [1], Magic.Length + face.Row);
                        }

                        progress?.Report(Interlocked.Increment(ref decoded));
                    });
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (IOException e)
        {
            throw new TrainerException(
                $"The pixel cache ({WholeBytes(source.Faces.Count) / 1_000_000} MB) could not be written to {Path.GetDirectoryName(path)}: {e.Message} Choose another folder with --cache.",
                e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
