using System.Buffers;
using System.Runtime.InteropServices;
using FaceCloud.Contracts;
using FaceCloud.Vision.Alignment;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Detection;

/// <summary>
/// Asks the detector about the face once more, turned. It often takes an upside-down face for an upright one, with
/// landmarks to match and a good score, and such a crop would be a template of nobody; but it is surer of the face
/// when it sees it the right way up.
/// </summary>
/// <remarks>
/// Measured on crops of 680 upright faces: the turned crop never scored higher than the upright one (closest: 0.01
/// below). Upside-down and sideways test photos: 0.14 and 0.42 higher.
/// </remarks>
internal sealed class UprightCheck(FaceDetector detector)
{
    // 128 x 128, a multiple of the detector's coarsest stride.
    private const int Margin = 8;
    private const int Side = AlignedCrop.Size + (2 * Margin);
    private const int Bytes = Side * Side * RgbImage.Channels;

    // By so much a turned face must score higher; half of what the upside-down photo shows.
    private const float Surer = 0.05f;

    // Scores of a face in the photo and in its crop differ by less than this, so below it the upright crop need not be asked.
    private const float Clear = 0.15f;

    // Sideways faces are found only with lower scores; 680 upright ones had at least 0.71.
    private const float Unsure = 0.7f;

    /// <summary>Degrees by which the face is turned clockwise from how the landmarks show it: 0, 90, 180 or 270.</summary>
    public async ValueTask<int> FindTurnAsync(RgbImage image, DetectedFace face, CancellationToken cancellationToken)
    {
        var upright = ArrayPool<byte>.Shared.Rent(Bytes);
        var turned = ArrayPool<byte>.Shared.Rent(Bytes);
        try
        {
            if (!FaceAligner.TryAlign(image, face.Landmarks, Margin, upright.AsSpan(0, Bytes)))
            {
                return 0;
            }

            var (best, turn) = (0f, 0);
            for (var quarters = 1; quarters < 4; quarters++)
            {
                if (quarters != 2 && face.Score >= Unsure)
                {
                    continue;
                }

                TurnBack(upright, turned, quarters);
                var score = await ScoreAsync(turned, cancellationToken).ConfigureAwait(false);
                if (score > best)
                {
                    (best, turn) = (score, quarters * 90);
                }
            }

            if (best < face.Score - Clear || best <= await ScoreAsync(upright, cancellationToken).ConfigureAwait(false) + Surer)
            {
                return 0;
            }

            return turn;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(upright);
            ArrayPool<byte>.Shared.Return(turned);
        }
    }

    private ValueTask<float> ScoreAsync(byte[] crop, CancellationToken cancellationToken) =>
        detector.ScoreCentreAsync(new RgbImage(Side, Side, crop.AsMemory(0, Bytes)), cancellationToken);

    /// <summary>Turns a crop counter-clockwise by quarters.</summary>
    internal static void TurnBack(ReadOnlySpan<byte> from, Span<byte> to, int quarters)
    {
        var pixels = MemoryMarshal.Cast<byte, Rgb>(from[..Bytes]);
        var turned = MemoryMarshal.Cast<byte, Rgb>(to[..Bytes]);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                turned[(y * Side) + x] = quarters switch
                {
                    1 => pixels[(x * Side) + Side - 1 - y],
                    2 => pixels[((Side - 1 - y) * Side) + Side - 1 - x],
                    _ => pixels[((Side - 1 - x) * Side) + y],
                };
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Rgb
    {
        private readonly byte _red;
        private readonly byte _green;
        private readonly byte _blue;
    }
}
