using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace FaceCloud.Cli.Manifests;

/// <summary>Lines of a file as bytes, one at a time: a file of any length, and a broken line harms no other.</summary>
internal static class ManifestLines
{
    /// <summary>Bytes of the longest line that is taken.</summary>
    public const int MostBytes = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Without its line end; null for a line that is too long.</summary>
    public static async IAsyncEnumerable<(long Number, byte[]? Line)> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: MostBytes, leaveOpen: true));
        var number = 1L;
        var tooLong = false;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    yield return (number, tooLong ? null : Line(rest.Slice(0, end), number));
                    (number, tooLong) = (number + 1, false);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (read.IsCompleted)
                {
                    if (tooLong || !rest.IsEmpty)
                    {
                        yield return (number, tooLong ? null : Line(rest, number));
                    }

                    yield break;
                }

                if (tooLong || rest.Length > MostBytes)
                {
                    // Nobody needs the rest of it.
                    tooLong = true;
                    rest = rest.Slice(rest.End);
                }

                reader.AdvanceTo(rest.Start, read.Buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static byte[]? Line(ReadOnlySequence<byte> bytes, long number)
    {
        if (bytes.Length > MostBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> line = bytes.ToArray();
        if (number == 1 && line.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
        }

        return (line is [.., (byte)'\r'] ? line[..^1] : line).ToArray();
    }
}
