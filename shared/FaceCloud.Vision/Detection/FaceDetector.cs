using System.Buffers;
using FaceCloud.Vision.Imaging;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Detection;

/// <summary>Finds all faces of a picture with a YuNet-shaped network. Safe for concurrent use.</summary>
internal sealed class FaceDetector(DetectorSessions sessions, IOptions<VisionOptions> options)
{
    private const string InputName = "input";
    private static readonly string[] InputNames = [InputName];
    private static readonly int[] Strides = [8, 16, 32];

    // Asked for by name, in this order: exports list them differently.
    private static readonly string[] OutputNames =
    [
        "cls_8", "obj_8", "bbox_8", "kps_8",
        "cls_16", "obj_16", "bbox_16", "kps_16",
        "cls_32", "obj_32", "bbox_32", "kps_32",
    ];

    private readonly VisionOptions _options = options.Value;

    /// <summary>All faces, largest first, in pixels of <paramref name="image"/>.</summary>
    public async ValueTask<List<DetectedFace>> DetectAsync(RgbImage image, CancellationToken cancellationToken)
    {
        var geometry = DetectorGeometry.For(image.Width, image.Height, _options.DetectorSize);
        var length = 3 * geometry.Plane;
        var input = ArrayPool<float>.Shared.Rent(length);
        try
        {
            DetectorInput.Fill(image, geometry, input.AsSpan(0, length));

            var session = await sessions.RentAsync(cancellationToken).ConfigureAwait(false);
            List<DetectedFace> faces;
            try
            {
                faces = Run(session, input.AsMemory(0, length), geometry);
            }
            finally
            {
                sessions.Return(session);
            }

            var scaleX = (float)image.Width / geometry.Width;
            var scaleY = (float)image.Height / geometry.Height;
            for (var i = 0; i < faces.Count; i++)
            {
                faces[i] = faces[i].Scale(scaleX, scaleY);
            }

            Suppression.SortBySize(faces);
            return faces;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(input);
        }
    }

    private List<DetectedFace> Run(InferenceSession session, Memory<float> input, in DetectorGeometry geometry)
    {
        using var run = new RunOptions();
        using var tensor = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, input, [1, 3, geometry.PaddedHeight, geometry.PaddedWidth]);
        using var outputs = session.Run(run, InputNames, [tensor], OutputNames);

        var faces = new List<DetectedFace>();
        for (var i = 0; i < Strides.Length; i++)
        {
            Anchors.Read(
                Strides[i],
                geometry.PaddedWidth / Strides[i],
                outputs[i * 4].GetTensorDataAsSpan<float>(),
                outputs[(i * 4) + 1].GetTensorDataAsSpan<float>(),
                outputs[(i * 4) + 2].GetTensorDataAsSpan<float>(),
                outputs[(i * 4) + 3].GetTensorDataAsSpan<float>(),
                _options.DetectorThreshold,
                faces);
        }

        Suppression.Apply(faces, _options.DetectorOverlap);
        return faces;
    }
}
