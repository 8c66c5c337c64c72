namespace FaceCloud.Benchmarks.Bulk;

/// <param name="Models">Folder of the ONNX files.</param>
/// <param name="Photos">Through the bulk path, at most.</param>
/// <param name="Workers">Numbers of Ingestion and Encoder processes, one measurement each.</param>
/// <param name="StageTime">How long each stage runs alone.</param>
/// <param name="Verifications">Verify calls, idle and beside a job.</param>
/// <param name="Crops">Faces through the encoder's queue.</param>
/// <param name="Items">Photos of the job over which memory is watched; 0 leaves that out.</param>
internal sealed record BulkSettings(string Models, int Photos, IReadOnlyList<int> Workers, TimeSpan StageTime, int Verifications, int Crops, int Items);
