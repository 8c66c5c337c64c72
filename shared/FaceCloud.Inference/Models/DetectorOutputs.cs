namespace FaceCloud.Inference.Models;

/// <summary>How a detector says where faces are.</summary>
public enum DetectorOutputs
{
    /// <summary>Twelve outputs by name: cls, obj, bbox and kps of strides 8, 16 and 32, a box's logarithms of width and height.</summary>
    Yunet = 1,

    /// <summary>InsightFace's SCRFD: nine outputs by shape: score, distances to the box's edges, and points of strides 8, 16 and 32.</summary>
    Scrfd = 2,
}
