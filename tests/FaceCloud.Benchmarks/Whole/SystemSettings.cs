namespace FaceCloud.Benchmarks.Whole;

/// <param name="Models">Folder of the ONNX files.</param>
/// <param name="Photos">Through the bulk path, at most.</param>
/// <param name="Verifications">Verify calls, one after another.</param>
/// <param name="StageTime">How long each stage runs alone on all cores.</param>
/// <param name="Rounds">Times that all photos go through the bulk path.</param>
internal sealed record SystemSettings(string Models, int Photos, int Verifications, TimeSpan StageTime, int Rounds);
