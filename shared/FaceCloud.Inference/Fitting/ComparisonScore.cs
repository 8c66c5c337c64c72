namespace FaceCloud.Inference.Fitting;

/// <summary>One comparison and the persons on both sides of it, as places in a list of persons; the same one twice when it is genuine.</summary>
public readonly record struct ComparisonScore(float Similarity, int First, int Second);
