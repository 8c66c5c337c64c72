using System.Numerics;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>What is worn in one picture.</summary>
/// <param name="Neck">0 a round neck, 1 a deep V, 2 an open collar, 3 a high collar.</param>
/// <param name="Colour">Of the cloth.</param>
/// <param name="Second">Of a collar or stripes.</param>
/// <param name="Striped">Whether there are stripes.</param>
public sealed record Clothing(int Neck, Vector3 Colour, Vector3 Second, bool Striped);
