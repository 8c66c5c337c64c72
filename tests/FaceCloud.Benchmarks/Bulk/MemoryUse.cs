namespace FaceCloud.Benchmarks.Bulk;

/// <param name="Process">Name of the service.</param>
/// <param name="Quarter">MB when a quarter of the time was over.</param>
/// <param name="End">MB at the end.</param>
/// <param name="Most">MB after the quarter, at most.</param>
internal sealed record MemoryUse(string Process, double Quarter, double End, double Most);
