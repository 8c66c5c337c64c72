using System.Diagnostics;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
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
    /// <exception cref="FailureException">PhotoEmpty, PhotoTooLarge, PhotoTooManyPixels, PhotoNotAnImage, PhotoUnsupported, PhotoDamaged.</exception>
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
        using var decoded = Decode(photo);
        cancellationToken.ThrowIfCancellationRequested();

        var afterDecoding = _time.GetTimestamp();
        var found = await DetectAsync(decoded, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        var afterDetecting = _time.GetTimestamp();
        var aligned = await AlignAsync(decoded, found.Take(maxFaces), cancellationToken).ConfigureAwait(false);
        var afterAligning = _time.GetTimestamp();
        var faces = Measure(decoded, aligned, gate, cancellationToken);

        var analysis = new PhotoAnalysis
        {
            Width = decoded.Width,
            Height = decoded.Height,
            FacesFound = found.Count,
            Faces = faces,
            Decoding = _time.GetElapsedTime(started, afterDecoding),
            Detecting = _time.GetElapsedTime(afterDecoding, afterDetecting),
            Aligning = _time.GetElapsedTime(afterDetecting),
        };
        Telemetry.Record(Telemetry.Decode, analysis.Decoding);
        Telemetry.Record(Telemetry.Detect, analysis.Detecting);
        Telemetry.Record(Telemetry.Align, _time.GetElapsedTime(afterDetecting, afterAligning));
        Telemetry.Record(Telemetry.Quality, _time.GetElapsedTime(afterAligning));
        return analysis;
    }

    private DecodedPhoto Decode(ReadOnlyMemory<byte> photo)
    {
        using var activity = Telemetry.Start(Telemetry.Decode);
        try
        {
            return _decoder.Decode(photo.Span);
        }
        catch (FailureException failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure.Reason.ToWire());
            throw;
        }
    }

    private async Task<IReadOnlyList<DetectedFace>> DetectAsync(DecodedPhoto photo, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Start(Telemetry.Detect);
        var found = await _detector.DetectAsync(photo.Image, cancellationToken).ConfigureAwait(false);
        activity?.SetTag(Telemetry.FacesTag, found.Count);
        return found;
    }

    private async Task<List<AlignedFace>> AlignAsync(DecodedPhoto photo, IEnumerable<DetectedFace> found, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Start(Telemetry.Align);
        var aligned = new List<AlignedFace>();
        foreach (var face in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var turn = await _upright.FindTurnAsync(photo.Image, face, cancellationToken).ConfigureAwait(false);

            // The crop travels on with the face, so it is an array of its own.
            var crop = new byte[AlignedCrop.Bytes];
            FaceAligner.TryAlign(photo.Image, face.Landmarks, margin: 0, crop);
            aligned.Add(new AlignedFace(face, turn, crop));
        }

        return aligned;
    }

    private static List<AnalyzedFace> Measure(DecodedPhoto photo, List<AlignedFace> aligned, QualityGate gate, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Start(Telemetry.Quality);
        return aligned.ConvertAll(face =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = face.Found.Scale(photo.ScaleX, photo.ScaleY);
            return new AnalyzedFace
            {
                Box = found.Box,
                Landmarks = found.Landmarks,
                Confidence = found.Score,
                Quality = FaceQualityMeter.Measure(found, face.Crop, face.Turn, photo.Width, photo.Height, gate),
                Crop = face.Crop,
            };
        });
    }

    /// <param name="Found">In the decoded photo.</param>
    /// <param name="Turn">Of <see cref="UprightCheck"/>.</param>
    /// <param name="Crop">byte[112*112*3].</param>
    private sealed record AlignedFace(DetectedFace Found, int Turn, byte[] Crop);
}
