namespace FaceCloud.Inference.Models;

/// <summary>Where a measured number lies with 95 % confidence, both ends included.</summary>
public sealed record CalibrationInterval(double Low, double High);
