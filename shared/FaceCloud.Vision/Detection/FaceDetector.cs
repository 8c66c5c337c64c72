using System.Buffers;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Vision.Imaging;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Detection;

/// <summary>Finds all faces of a picture with a YuNet- or SCRFD-shaped network. Safe for concurrent use.</summary>
internal sealed class FaceDetector(SessionPool sessions, IOptions<VisionOptions> options) : IDisposable
{
    // For comparing scores, not for finding faces.
    private const float LowestScore = 0.1f;

    private readonly string[] _inputNames = [sessions.Model.InputName];
    private readonly DetectorPixels _pixels = new(sessions.Model);
    private readonly IFaceDecoder _decoder = sessions.Model.Outputs == DetectorOutputs.Scrfd ? new ScrfdDecoder() : new YunetDecoder();
    private readonly VisionOptions _options = options.Value;

    /// <summary>Which model, and what runs it.</summary>
    public string Description => $"{sessions.Model.Name} on {sessions.ProviderName}, {sessions.Size} sessions";

    /// <summary>
    /// All faces, largest first, in pixels of <paramref name="image"/>. Where there is none the mirror image is asked too
    /// (<see cref="VisionOptions.SecondLook"/>): a hard face, a profile above all, often passes the threshold only one way round.
    /// </summary>
    public async ValueTask<List<DetectedFace>> DetectAsync(RgbImage image, CancellationToken cancellationToken)
    {
        var geometry = Geometry(image);
        var faces = await RunAsync(image, geometry, _options.DetectorThreshold, mirrored: false, cancellationToken).ConfigureAwait(false);
        if (faces.Count == 0 && _options.SecondLook)
        {
            faces = await RunAsync(image, geometry, _options.SecondLookThreshold, mirrored: true, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Best score of a face that covers the middle of <paramref name="image"/>; 0 when there is none worth naming.</summary>
    public async ValueTask<float> ScoreCentreAsync(RgbImage image, CancellationToken cancellationToken)
    {
        var geometry = Geometry(image);
        var faces = await RunAsync(image, geometry, LowestScore, mirrored: false, cancellationToken).ConfigureAwait(false);

        var best = 0f;
        foreach (var face in faces)
        {
            var box = face.Box;
            var (x, y) = (geometry.Width / 2f, geometry.Height / 2f);
            if (box.X < x && box.X + box.Width > x && box.Y < y && box.Y + box.Height > y)
            {
                best = Math.Max(best, face.Score);
            }
        }

        return best;
    }

    /// <summary>Closes the sessions.</summary>
    public void Dispose() => sessions.Dispose();

    private DetectorGeometry Geometry(in RgbImage image) =>
        sessions.Model.Entry is { FixedSize: true } model
            ? DetectorGeometry.Fixed(image.Width, image.Height, model.InputWidth, model.InputHeight)
            : DetectorGeometry.For(image.Width, image.Height, _options.DetectorSize);

    private async ValueTask<List<DetectedFace>> RunAsync(RgbImage image, DetectorGeometry geometry, float threshold, bool mirrored, CancellationToken cancellationToken)
    {
        var length = RgbImage.Channels * geometry.Plane;
        var input = ArrayPool<float>.Shared.Rent(length);
        try
        {
            _pixels.Fill(image, geometry, input.AsSpan(0, length));
            if (mirrored)
            {
                MirrorImage.Turn(input.AsSpan(0, length), geometry);
            }

            using var lease = await sessions.RentAsync(cancellationToken).ConfigureAwait(false);
            var faces = Run(lease.Session, input.AsMemory(0, length), geometry, threshold);
            if (mirrored)
            {
                MirrorImage.TurnBack(faces, geometry);
            }

            return faces;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(input);
        }
    }

    private List<DetectedFace> Run(InferenceSession session, Memory<float> input, in DetectorGeometry geometry, float threshold)
    {
        using var run = new RunOptions();
        using var tensor = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, input, [1, 3, geometry.PaddedHeight, geometry.PaddedWidth]);
        using var outputs = session.Run(run, _inputNames, [tensor], _decoder.OutputNames(session));

        var faces = new List<DetectedFace>();
        _decoder.Decode(outputs, geometry, threshold, faces);
        Suppression.Apply(faces, _options.DetectorOverlap);
        return faces;
    }
}
