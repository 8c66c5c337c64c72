using System.Numerics;

namespace FaceCloud.Vision;

/// <summary>Five points in pixels of the upright photo; left and right as seen in the picture.</summary>
public readonly record struct FaceLandmarks(Vector2 LeftEye, Vector2 RightEye, Vector2 Nose, Vector2 LeftMouth, Vector2 RightMouth);
