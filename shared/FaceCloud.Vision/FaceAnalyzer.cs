namespace FaceCloud.Vision;

/// <summary>Photo in, aligned crops out: decode, detect, align, quality (DESIGN section 4). Safe for concurrent use.</summary>
public sealed class FaceAnalyzer
{
    /// <summary>
    /// Finds all faces of a photo, largest first, and aligns and measures the first <paramref name="maxFaces"/> of them.
    /// No face is an ordinary answer.
    /// </summary>
    /// <exception cref="FaceCloud.Contracts.Failures.FailureException">PhotoEmpty, PhotoTooLarge, PhotoTooManyPixels, PhotoNotAnImage, PhotoUnsupported, PhotoDamaged.</exception>
    public Task<PhotoAnalysis> AnalyzeAsync(ReadOnlyMemory<byte> photo, QualityGate gate, int maxFaces, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
