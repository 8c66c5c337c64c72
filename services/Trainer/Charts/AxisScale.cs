namespace FaceCloud.Trainer.Charts;

/// <summary>How an axis is divided.</summary>
public enum AxisScale
{
    Linear,

    /// <summary>Powers of ten at equal distances; values below the axis are drawn at its low end.</summary>
    Logarithmic,
}
