namespace FaceCloud.Gallery.Decisions;

/// <summary>What a request or a gallery says about how sure to be.</summary>
/// <param name="Cosine">-1..1; goes before the rate.</param>
/// <param name="Rate">0..1, both exclusive: false accepts per comparison (1:1) or false positives per search (1:K).</param>
public readonly record struct ThresholdWish(float? Cosine, double? Rate);
