using FaceCloud.Contracts;

namespace FaceCloud.Vision.Quality;

/// <summary>What the pixels of an aligned crop tell.</summary>
/// <param name="Sharpness">0..1, see <see cref="Measure"/>.</param>
/// <param name="Brightness">Mean luma of the face, 0..1.</param>
internal readonly record struct CropMeasures(float Sharpness, float Brightness)
{
    // Brows to chin and cheek to cheek: what the five landmarks span, without hair and background.
    private const int Left = 26;
    private const int Top = 36;
    private const int Width = 60;
    private const int Height = 68;

    // Pixels of the averaging window, odd.
    private const int Window = 9;

    /// <summary>
    /// Sharpness is the share of neighbour differences that a 9-pixel average destroys, the lesser of across and
    /// down: a picture that is already soft loses little by being softened again (Crete et al., "The blur effect",
    /// SPIE 2007). It does not depend on contrast or brightness. A crop without any difference has sharpness 0.
    /// </summary>
    /// <param name="crop">byte[112 * 112 * 3].</param>
    public static CropMeasures Measure(ReadOnlySpan<byte> crop)
    {
        Span<float> luma = stackalloc float[Width * Height];
        double sum = 0;
        for (var y = 0; y < Height; y++)
        {
            var from = crop[((((y + Top) * AlignedCrop.Size) + Left) * AlignedCrop.Channels)..];
            for (var x = 0; x < Width; x++)
            {
                // Rec. 601 weights, as for JPEG's luma.
                var value = (0.299f * from[x * 3]) + (0.587f * from[(x * 3) + 1]) + (0.114f * from[(x * 3) + 2]);
                luma[(y * Width) + x] = value;
                sum += value;
            }
        }

        var across = Lost(luma, lines: Height, length: Width, betweenLines: Width, along: 1);
        var down = Lost(luma, lines: Width, length: Height, betweenLines: 1, along: Width);
        return new CropMeasures(Math.Min(across, down), (float)(sum / (Width * Height * 255.0)));
    }

    private static float Lost(ReadOnlySpan<float> luma, int lines, int length, int betweenLines, int along)
    {
        double before = 0, lost = 0;
        for (var line = 0; line < lines; line++)
        {
            var start = line * betweenLines;
            for (var i = Window / 2; i < length - (Window / 2) - 1; i++)
            {
                var difference = Math.Abs(luma[start + ((i + 1) * along)] - luma[start + (i * along)]);

                // Two averages one pixel apart differ by their outermost pixels only.
                var averaged = Math.Abs(luma[start + ((i + 1 + (Window / 2)) * along)] - luma[start + ((i - (Window / 2)) * along)]) / Window;
                before += difference;
                lost += Math.Max(0, difference - averaged);
            }
        }

        return before > 0 ? (float)(lost / before) : 0;
    }
}
