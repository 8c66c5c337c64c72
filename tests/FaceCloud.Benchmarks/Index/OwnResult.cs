namespace FaceCloud.Benchmarks.Index;

/// <param name="One">Median of one probe.</param>
/// <param name="Together">Median of 64 calls at once, to the last answer.</param>
/// <param name="Memory">Bytes of the filled index.</param>
public sealed record OwnResult(TimeSpan One, TimeSpan Together, long Memory);
