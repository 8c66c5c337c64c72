using FaceCloud.Inference.Sessions;
using FaceCloud.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using NetVips;

namespace FaceCloud.Inference.Tests.Testing;

/// <summary>Photo to faces to crop with plain loops, for test models and photos without scaling; what FaceCloud.Vision does is its own business.</summary>
public sealed class PlainPipeline : IDisposable
{
    private readonly SessionPool _detector = new(TestModels.Shared.Catalog.Detector, new InferenceOptions { Sessions = 1 }, NullLoggerFactory.Instance);

    public sealed record Face(float Score, float X, float Y, float Width, float Height, float[] Points);

    /// <summary>Faces above 0.5, overlapping ones once, best first.</summary>
    public async Task<IReadOnlyList<Face>> DetectAsync(byte[] photo)
    {
        var (pixels, width, height) = Decode(photo);
        var (paddedWidth, paddedHeight) = ((width + 31) / 32 * 32, (height + 31) / 32 * 32);
        var input = new float[3 * paddedHeight * paddedWidth];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    input[(((2 - channel) * paddedHeight) + y) * paddedWidth + x] = pixels[(((y * width) + x) * 3) + channel];
                }
            }
        }

        using var lease = await _detector.RentAsync(TestContext.Current.CancellationToken);
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [1, 3, paddedHeight, paddedWidth]);
        using var run = new RunOptions();
        var names = lease.Session.OutputNames;
        using var outputs = lease.Session.Run(run, ["input"], [tensor], names);

        var faces = new List<Face>();
        foreach (var stride in (int[])[8, 16, 32])
        {
            var (cls, obj, bbox, kps) = (Read("cls", 1), Read("obj", 1), Read("bbox", 4), Read("kps", 10));
            for (var cell = 0; cell < cls.Length; cell++)
            {
                var (px, py) = (cell % (paddedWidth / stride) * stride, cell / (paddedWidth / stride) * stride);
                if (cls[cell] * obj[cell] < 0.5)
                {
                    continue;
                }

                var (boxWidth, boxHeight) = (MathF.Exp(bbox[(cell * 4) + 2]) * stride, MathF.Exp(bbox[(cell * 4) + 3]) * stride);
                var points = new float[10];
                for (var i = 0; i < 10; i++)
                {
                    points[i] = (kps[(cell * 10) + i] * stride) + (i % 2 == 0 ? px : py);
                }

                faces.Add(new Face(
                    cls[cell] * obj[cell],
                    (bbox[cell * 4] * stride) + px - (boxWidth / 2), (bbox[(cell * 4) + 1] * stride) + py - (boxHeight / 2), boxWidth, boxHeight, points));
            }

            float[] Read(string name, int channels)
            {
                var output = outputs[names.ToList().IndexOf($"{name}_{stride}")];
                var cells = paddedWidth / stride * (paddedHeight / stride);
                Assert.Equal([1, cells, channels], output.GetTensorTypeAndShape().Shape);
                return output.GetTensorDataAsSpan<float>().ToArray();
            }
        }

        var kept = new List<Face>();
        foreach (var face in faces.OrderByDescending(face => face.Score))
        {
            if (kept.TrueForAll(other => Overlap(face, other) < 0.3))
            {
                kept.Add(face);
            }
        }

        return kept;
    }

    /// <summary>byte[112*112*3] by the eyes and the mouth: scale and shift, bilinear.</summary>
    public static byte[] Crop(byte[] photo, Face face)
    {
        var (pixels, width, height) = Decode(photo);
        var scale = (face.Points[2] - face.Points[0]) / (73.5318f - 38.2946f);
        var crop = new byte[112 * 112 * 3];
        for (var y = 0; y < 112; y++)
        {
            for (var x = 0; x < 112; x++)
            {
                var sourceX = Math.Clamp(face.Points[4] + ((x - 56.0252f) * scale), 0, width - 1.001f);
                var sourceY = Math.Clamp(face.Points[5] + ((y - 71.7366f) * scale), 0, height - 1.001f);
                var (left, top) = ((int)sourceX, (int)sourceY);
                for (var channel = 0; channel < 3; channel++)
                {
                    float At(int dx, int dy) => pixels[((((top + dy) * width) + left + dx) * 3) + channel];
                    var upper = float.Lerp(At(0, 0), At(1, 0), sourceX - left);
                    var lower = float.Lerp(At(0, 1), At(1, 1), sourceX - left);
                    crop[(((y * 112) + x) * 3) + channel] = (byte)MathF.Round(float.Lerp(upper, lower, sourceY - top));
                }
            }
        }

        return crop;
    }

    public void Dispose() => _detector.Dispose();

    private static (byte[] Pixels, int Width, int Height) Decode(byte[] photo)
    {
        using var image = Image.NewFromBuffer(photo);
        return (image.WriteToMemory<byte>(), image.Width, image.Height);
    }

    private static double Overlap(Face a, Face b)
    {
        var width = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
        var height = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
        var shared = Math.Max(0, width) * Math.Max(0, height);
        return shared / ((a.Width * a.Height) + (b.Width * b.Height) - shared);
    }
}
