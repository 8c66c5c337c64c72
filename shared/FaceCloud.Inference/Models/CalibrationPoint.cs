namespace FaceCloud.Inference.Models;

/// <summary>The cosine threshold at which single impostor comparisons were accepted at the given rate.</summary>
public sealed record CalibrationPoint(double FalseAcceptRate, float Threshold);
