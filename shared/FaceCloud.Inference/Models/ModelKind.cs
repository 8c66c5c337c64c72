namespace FaceCloud.Inference.Models;

public enum ModelKind
{
    /// <summary>Photo to boxes and landmarks.</summary>
    Detector = 1,

    /// <summary>Aligned crop to embedding.</summary>
    Encoder = 2,
}
