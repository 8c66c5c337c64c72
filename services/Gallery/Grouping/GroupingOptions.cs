using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery.Grouping;

/// <summary>How unknown faces are put into groups when the request does not say.</summary>
public sealed class GroupingOptions
{
    public const string SectionName = "Grouping";

    /// <summary>Faces of one call, enrolled ones included; default 5000. Time grows with their square, memory with their number.</summary>
    [Range(1, 100_000)]
    public int MaxFaces { get; set; } = 5000;

    /// <summary>
    /// The rate of single comparisons whose cosine in the model's calibration is the threshold for the mean of all pairs of two groups;
    /// default 3e-3, chosen on photos of other persons (measured by tests/FaceCloud.Accuracy grouping).
    /// </summary>
    [Range(0d, 1d, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double MaxFalseAcceptRate { get; set; } = 3e-3;
}
