using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery.Calibration;

/// <summary>How much of a gallery is looked at when it is calibrated on itself.</summary>
public sealed class CalibrationOptions
{
    public const string SectionName = "Gallery:Calibration";

    /// <summary>Persons at most, drawn at random from a larger gallery; default 1000.</summary>
    [Range(10, 10_000)]
    public int Persons { get; set; } = 1000;

    /// <summary>Comparisons of different persons at most; default 2,000,000.</summary>
    [Range(1000, 50_000_000)]
    public int Comparisons { get; set; } = 2_000_000;

    /// <summary>Resamples of persons that the intervals come from; default 500.</summary>
    [Range(20, 10_000)]
    public int Resamples { get; set; } = 500;

    /// <summary>Versions kept of a gallery; default 20.</summary>
    [Range(2, 1000)]
    public int Kept { get; set; } = 20;
}
