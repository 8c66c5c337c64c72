namespace FaceCloud.Gallery.Doctor;

/// <summary>Why a template is weak; the same words as the proto enum.</summary>
public enum WeakReason
{
    LowQuality = 1,
    FarFromOwn = 2,
}
