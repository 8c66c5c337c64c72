namespace FaceCloud.Inference.Models;

/// <summary>Which colour a model's first input plane holds. A wrong order still works fairly well, so only golden values catch it.</summary>
public enum ChannelOrder
{
    Rgb = 1,
    Bgr = 2,
}
