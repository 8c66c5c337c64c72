using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace FaceCloud.Cli.Watching;

/// <summary>
/// Photos out of a stream of JPEG files one after the other, as cameras and <c>ffmpeg -f mjpeg</c> write them. The parts of each are
/// walked by their lengths (ITU T.81, annex B), since a preview inside a photo has an end mark of its own.
/// </summary>
internal static class MjpegFrames
{
    private const byte Mark = 0xFF;
    private const byte Start = 0xD8;
    private const byte End = 0xD9;
    private const byte Scan = 0xDA;

    /// <summary>What lies between two files is passed over; a file that is cut off at the end of the stream is left out.</summary>
    /// <param name="stream">Read to its end.</param>
    /// <param name="maxBytes">Of one file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">No JPEG in so many bytes.</exception>
    public static async IAsyncEnumerable<byte[]> ReadAsync(Stream stream, int maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            // Where in the unread bytes the search goes on, and whether a file has begun.
            var walk = new Walk();
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                while (walk.Next(ref buffer) is { } frame)
                {
                    yield return frame.ToArray();
                }

                if (result.IsCompleted)
                {
                    yield break;
                }

                if (buffer.Length > maxBytes)
                {
                    throw new InvalidDataException($"No whole JPEG photo in {maxBytes} bytes; is this an MJPEG stream?");
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private sealed class Walk
    {
        // Bytes from the start of the buffer that belong to the file and have been walked; -1: none has begun.
        private long _walked = -1;
        private bool _inScan;

        public ReadOnlySequence<byte>? Next(ref ReadOnlySequence<byte> buffer)
        {
            if (_walked < 0 && !Begin(ref buffer))
            {
                return null;
            }

            while (TryMark(buffer, out var mark))
            {
                if (mark == End)
                {
                    var frame = buffer.Slice(0, _walked + 2);
                    buffer = buffer.Slice(_walked + 2);
                    (_walked, _inScan) = (-1, false);
                    return frame;
                }

                if (_inScan || mark is >= 0xD0 and <= 0xD7 or 0x01)
                {
                    // Inside a scan only a mark with a length ends it: another table or scan of the same photo.
                    if (!_inScan || mark is 0x00 or Mark or (>= 0xD0 and <= 0xD7))
                    {
                        _walked += mark == Mark ? 1 : 2;
                        continue;
                    }

                    _inScan = false;
                }

                if (buffer.Length < _walked + 4)
                {
                    return null;
                }

                var length = (At(buffer, _walked + 2) << 8) | At(buffer, _walked + 3);
                _inScan = mark == Scan;
                _walked += 2 + Math.Max(length, 2);
            }

            return null;
        }

        // The two bytes of a mark at the place where one is due, or the next in a scan.
        private bool TryMark(ReadOnlySequence<byte> buffer, out byte mark)
        {
            mark = 0;
            if (_walked >= buffer.Length)
            {
                return false;
            }

            if (_inScan || At(buffer, _walked) != Mark)
            {
                // Outside a scan something is wrong with the photo: look for its end all the same.
                var rest = buffer.Slice(_walked);
                if (rest.PositionOf(Mark) is not { } next)
                {
                    _walked = buffer.Length;
                    return false;
                }

                _walked += rest.Slice(0, next).Length;
            }

            if (_walked + 1 >= buffer.Length)
            {
                return false;
            }

            mark = At(buffer, _walked + 1);
            return true;
        }

        private bool Begin(ref ReadOnlySequence<byte> buffer)
        {
            while (buffer.PositionOf(Mark) is { } mark)
            {
                buffer = buffer.Slice(mark);
                if (buffer.Length < 2)
                {
                    return false;
                }

                if (At(buffer, 1) == Start)
                {
                    _walked = 2;
                    return true;
                }

                buffer = buffer.Slice(1);
            }

            buffer = buffer.Slice(buffer.End);
            return false;
        }

        private static byte At(ReadOnlySequence<byte> buffer, long index) => buffer.Slice(index, 1).FirstSpan[0];
    }
}
