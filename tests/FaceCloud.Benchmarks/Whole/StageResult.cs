namespace FaceCloud.Benchmarks.Whole;

/// <param name="Name">Of the stage.</param>
/// <param name="Single">Milliseconds a photo, one photo at a time on one thread.</param>
/// <param name="PerSecond">Photos a second, alone on all cores.</param>
internal sealed record StageResult(string Name, Percentiles Single, double PerSecond);
