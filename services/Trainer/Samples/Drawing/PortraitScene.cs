namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>What may differ between two pictures of a person, beside the face's own expression and light.</summary>
/// <param name="Frame">Where the head is.</param>
/// <param name="Clothing">What is worn.</param>
/// <param name="LightFrom">−1 light from the left, 1 from the right, 0 from the front.</param>
/// <param name="Warmth">−1 bluish to 1 reddish.</param>
/// <param name="Exposure">Factor on all light.</param>
public sealed record PortraitScene(HeadFrame Frame, Clothing Clothing, float LightFrom, float Warmth, float Exposure);
