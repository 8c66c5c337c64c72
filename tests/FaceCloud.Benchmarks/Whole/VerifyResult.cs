namespace FaceCloud.Benchmarks.Whole;

/// <param name="Client">Milliseconds a call, as the client sees it.</param>
/// <param name="Server">Milliseconds from receipt to reply, as the server says.</param>
/// <param name="Calls">How many.</param>
internal sealed record VerifyResult(Percentiles Client, Percentiles Server, int Calls);
