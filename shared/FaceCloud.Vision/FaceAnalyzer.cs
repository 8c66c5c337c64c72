using FaceCloud.Contracts;
using FaceCloud.Vision.Alignment;
using FaceCloud.Vision.Decoding;
using FaceCloud.Vision.Detection;
using FaceCloud.Vision.Quality;
using Microsoft.Extensions.Options;

namespace FaceCloud.Vision;

/// <summary>Photo in, aligned crops out: decode, detect, align, quality (DESIGN section 4). Safe for concurrent use.</summary>
public sealed class FaceAnalyzer : IDisposable
{
    private readonly PhotoDecoder _decoder;
    private readonly FaceDetector _detector;
    private readonly UprightCheck _upright;
    private readonly TimeProvider _time;
    private readonly AnalysisGate _gate;

    internal FaceAnalyzer(PhotoDecoder decoder, FaceDetector detector, IOptions<VisionOptions> options, TimeProvider time)
    {
        _decoder = decoder;
        _detector = detector;
        _upright = new UprightCheck(detector);
        _time = time;
        _gate = new AnalysisGate(options.Value.EffectiveConcurrency);
    }

    /// <summary>
    /// Finds all faces of a photo, largest first, and aligns and measures the first <paramref name="maxFaces"/> of them.
    /// No face is an ordinary answer. Runs on the thread pool, one photo a core at a time; more wait their turn.
    /// </summary>
    /// <param name="photo">JPEG, PNG, WebP, GIF or TIFF; must not change before the task ends.</param>
    /// <param name="gate">
    /// What <see cref="FaceQuality.Reasons"/> are measured against; faces that fail it are returned all the same.
    /// NoFace and ExceedsMaxFaces are not among them: see <see cref="EnrolmentVerdict"/>.
    /// </param>
    /// <param name="maxFaces">At least 1.</param>
    /// <param name="cancellationToken">Ends the wait for a turn, and the work between two stages.</param>
    /// <exception cref="FaceCloud.Contracts.Failures.FailureException">PhotoEmpty, PhotoTooLarge, PhotoTooManyPixels, PhotoNotAnImage, PhotoUnsupported, PhotoDamaged.</exception>
    public Task<PhotoAnalysis> AnalyzeAsync(ReadOnlyMemory<byte> photo, QualityGate gate, int maxFaces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFaces, 1);
        return _gate.RunAsync(token => AnalyzeNowAsync(photo, gate, maxFaces, token), cancellationToken);
    }

    public void Dispose() => _gate.Dispose();

    private async Task<PhotoAnalysis> AnalyzeNowAsync(ReadOnlyMemory<byte> photo, QualityGate gate, int maxFaces, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var decoded = _decoder.Decode(photo.Span);
        cancellationToken.ThrowIfCancellationRequested();

        var afterDecoding = _time.GetTimestamp();
        var found = await _detector.DetectAsync(decoded.Image, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        var afterDetecting = _time.GetTimestamp();
        var faces = new List<AnalyzedFace>(Math.Min(found.Count, maxFaces));
        for (var i = 0; i < found.Count && i < maxFaces; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var turn = await _upright.FindTurnAsync(decoded.Image, found[i], cancellationToken).ConfigureAwait(false);
            faces.Add(Align(decoded, found[i], turn, gate));
        }

        return new PhotoAnalysis
        {
            Width = decoded.Width,
            Height = decoded.Height,
            FacesFound = found.Count,
            Faces = faces,
            Decoding = _time.GetElapsedTime(started, afterDecoding),
            Detecting = _time.GetElapsedTime(afterDecoding, afterDetecting),
            Aligning = _time.GetElapsedTime(afterDetecting),
        };
    }

    private static AnalyzedFace Align(DecodedPhoto photo, in DetectedFace found, int turn, QualityGate gate)
    {
        // The crop travels on with the face, so it is an array of its own.
        var crop = new byte[AlignedCrop.Bytes];
        FaceAligner.TryAlign(photo.Image, found.Landmarks, margin: 0, crop);

        var face = found.Scale(photo.ScaleX, photo.ScaleY);
        return new AnalyzedFace
        {
            Box = face.Box,
            Landmarks = face.Landmarks,
            Confidence = face.Score,
            Quality = FaceQualityMeter.Measure(face, crop, turn, photo.Width, photo.Height, gate),
            Crop = crop,
        };
    }
}
