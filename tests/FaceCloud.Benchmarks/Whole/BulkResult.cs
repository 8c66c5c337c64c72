namespace FaceCloud.Benchmarks.Whole;

/// <param name="PerSecond">Photos a second, from the first one sent to the last outcome known.</param>
/// <param name="CoreMilliseconds">Processor time of the server a photo; null where unknown.</param>
/// <param name="Enrolled">Photos that became faces.</param>
/// <param name="Sent">All photos.</param>
internal sealed record BulkResult(double PerSecond, double? CoreMilliseconds, long Enrolled, int Sent);
