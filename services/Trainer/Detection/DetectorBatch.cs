namespace FaceCloud.Trainer.Detection;

/// <summary>Scenes ready for the network.</summary>
/// <param name="Side">Pixels of a scene's side.</param>
/// <param name="Count">Scenes.</param>
/// <param name="Pixels">float32[Count,Side,Side,3], blue, green, red, 0…255.</param>
/// <param name="Targets">What the cells should say.</param>
public sealed record DetectorBatch(int Side, int Count, float[] Pixels, DetectorTargets Targets);
