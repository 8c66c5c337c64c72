using FaceCloud.Contracts;
using FaceCloud.Vision.Detection;

namespace FaceCloud.Vision.Quality;

/// <summary>The parts of a face's quality, as measured and as shares 0..1.</summary>
internal readonly struct QualityParts(in DetectedFace face, CropMeasures pixels, HeadPose pose, float visible)
{
    private readonly float _side = Math.Min(face.Box.Width, face.Box.Height);
    private readonly float _confidence = face.Score;
    private readonly float _turn = Math.Max(Math.Abs(pose.Yaw), Math.Abs(pose.Pitch));
    private readonly float _roll = Math.Abs(pose.Roll);
    private readonly CropMeasures _pixels = pixels;
    private readonly float _visible = visible;

    // 0 where a face of the same photo, degraded so far, is hardly known again (cosine to itself under about 0.4),
    // 1 where nothing is lost any more (see README.md).
    public float Size => Rise(_side, 16, 80);

    public float Sharpness => Rise(_pixels.Sharpness, 0.15f, 0.5f);

    public float Brightness => Math.Min(Rise(_pixels.Brightness, 0.03f, 0.25f), 1 - Rise(_pixels.Brightness, 0.8f, 1));

    public float Pose => float.IsNaN(_turn + _roll) ? 0 : Math.Min(1 - Rise(_turn, 15, 75), 1 - Rise(_roll, 30, 90));

    public float Confidence => Math.Min(Rise(_confidence, 0.4f, 0.8f), Rise(_visible, 0.4f, 0.95f));

    public float Score => Math.Min(Math.Min(Math.Min(Size, Sharpness), Math.Min(Brightness, Pose)), Confidence);

    public IReadOnlyList<QualityReason> ReasonsAgainst(QualityGate gate)
    {
        var reasons = new List<QualityReason>();
        Check(_side >= gate.MinFacePixels && Size >= gate.MinScore, QualityReason.SmallBoundingBox);
        Check(_pixels.Sharpness >= gate.MinSharpness && Sharpness >= gate.MinScore, QualityReason.LowSharpness);
        Check(_pixels.Brightness >= gate.MinBrightness && Brightness >= gate.MinScore, QualityReason.LowBrightness);
        Check(_turn <= gate.MaxPoseDegrees && _roll <= gate.MaxRollDegrees && Pose >= gate.MinScore, QualityReason.ExtremePose);
        Check(_confidence >= gate.MinConfidence && _visible >= gate.MinVisible && Confidence >= gate.MinScore, QualityReason.LowConfidence);
        return reasons;

        void Check(bool passed, QualityReason reason)
        {
            if (!passed)
            {
                reasons.Add(reason);
            }
        }
    }

    /// <summary>0 up to <paramref name="low"/>, 1 from <paramref name="high"/>, straight between; NaN counts as 0.</summary>
    private static float Rise(float value, float low, float high) =>
        value > low ? Math.Min(1, (value - low) / (high - low)) : 0;
}
