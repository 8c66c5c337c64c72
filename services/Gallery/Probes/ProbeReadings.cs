using FaceCloud.Inference.Encoding;

namespace FaceCloud.Gallery.Probes;

/// <param name="Readings">In the order of the inputs.</param>
/// <param name="Model">That all embeddings belong to.</param>
/// <param name="Times">Of all inputs together.</param>
public sealed record ProbeReadings(IReadOnlyList<ProbeReading> Readings, EncoderModel Model, StageTimes Times);
