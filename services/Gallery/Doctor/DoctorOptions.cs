using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery.Doctor;

/// <summary>How much of a gallery is examined, and what is called weak, when the request does not say.</summary>
public sealed class DoctorOptions
{
    public const string SectionName = "Doctor";

    /// <summary>Faces examined; of a larger gallery a fair sample of persons; default 50,000. Each is one search of the whole gallery.</summary>
    [Range(1, 10_000_000)]
    public int MaxFaces { get; set; } = 50_000;

    /// <summary>A template of a lower quality score is weak; default 0.4.</summary>
    [Range(0f, 1f)]
    public float LowQuality { get; set; } = 0.4f;

    /// <summary>
    /// Mean cosine by which a face must be more like another person than its own to be called mislabelled where Identify would not name
    /// that person; default 0.25. Measured in results/doctor.md.
    /// </summary>
    [Range(0f, 2f)]
    public float MislabelledMargin { get; set; } = 0.25f;
}
