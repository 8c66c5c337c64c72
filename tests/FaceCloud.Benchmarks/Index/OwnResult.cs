namespace FaceCloud.Benchmarks.Index;

/// <param name="One">Least of one probe.</param>
/// <param name="Together">Least of 64 calls at once, to the last answer.</param>
/// <param name="Memory">Bytes of the filled index.</param>
public sealed record OwnResult(TimeSpan One, TimeSpan Together, long Memory);
