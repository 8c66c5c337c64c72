using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Detection;

/// <summary>A face that a detector should find, in pixels of its picture.</summary>
public readonly record struct LabelledFace(FaceBox Box, FaceLandmarks Landmarks)
{
    /// <summary>Relative widths below this are faces turned far away.</summary>
    public const float TurnedBelow = 0.7f;

    /// <summary>
    /// Distance of the eyes over the distance from between them to between the corners of the mouth: a little over 1 from the front,
    /// towards 0 in profile.
    /// </summary>
    public float RelativeWidth =>
        Vector2.Distance(Landmarks.LeftEye, Landmarks.RightEye)
        / Math.Max(1, Vector2.Distance((Landmarks.LeftEye + Landmarks.RightEye) / 2, (Landmarks.LeftMouth + Landmarks.RightMouth) / 2));

    public bool AppearsTurned => RelativeWidth < TurnedBelow;
}
