using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FaceCloud.Vision;

/// <summary>Limits, sizes and gates of the face pipeline (DESIGN section 4).</summary>
public sealed class VisionOptions
{
    public const string SectionName = "Vision";

    /// <summary>Largest photo in bytes; default 20 MiB.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPhotoBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Most pixels (width x height) a photo may have, read from its header; default 50 million.</summary>
    [Range(1, 1_000_000_000)]
    public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>
    /// Larger photos are halved (once, twice or three times) while decoding, as long as their longest side stays
    /// at least this many pixels; default 1600. The detector looks at 640 pixels, so this costs no face; it only
    /// limits the detail of the crops. A 12-megapixel photo decodes at 2016 x 1512. Results are always in pixels of the whole photo.
    /// </summary>
    [Range(640, 65535)]
    public int WorkingSize { get; set; } = 1600;

    /// <summary>
    /// Longest side that the detector sees, pixels; default 640. Larger photos are reduced to it, smaller ones
    /// are not enlarged. Landmarks move with it: change it only together with all enrolled faces.
    /// </summary>
    [Range(64, 4096)]
    public int DetectorSize { get; set; } = 640;

    /// <summary>Lowest detector score (cls x obj) of a face, 0..1; default 0.5, the value the golden faces were found with.</summary>
    [Range(0.01, 1.0)]
    public float DetectorThreshold { get; set; } = 0.5f;

    /// <summary>
    /// Where no face is found, look at the mirror image as well, and take what is fit for a search by its score; default true. Finds
    /// profiles that are missed otherwise, and costs a second detection on photos without a face (README.md says what was measured).
    /// </summary>
    public bool SecondLook { get; set; } = true;

    /// <summary>Two boxes that overlap more than this (intersection over union, 0..1) are one face; default 0.45, as for the golden faces.</summary>
    [Range(0.01, 0.99)]
    public float DetectorOverlap { get; set; } = 0.45f;

    /// <summary>Most photos analysed at once; default 0: one a core.</summary>
    [Range(0, 1024)]
    public int Concurrency { get; set; }

    // Copies: settings are bound into these objects.

    /// <summary>What a face needs to become a template.</summary>
    [Required]
    [ValidateObjectMembers]
    public QualityGate Enrolment { get; set; } = QualityGate.Enrolment with { };

    /// <summary>What a face needs to be searched or compared: refuses only what makes an answer meaningless.</summary>
    [Required]
    [ValidateObjectMembers]
    public QualityGate Probe { get; set; } = QualityGate.Probe with { };

    /// <summary>The gate for a template: on the score alone where a request, a job or a gallery names one, else <see cref="Enrolment"/>.</summary>
    public QualityGate EnrolmentGate(float? minScore) => minScore is { } score ? QualityGate.OfScore(score) : Enrolment;

    /// <summary>
    /// Asking twice gives things that are no faces two chances, so the second answer must be fit for a search at least: YuNet sees a face of
    /// 0.51 in the mirror image of a landscape.
    /// </summary>
    internal float SecondLookThreshold => Math.Max(DetectorThreshold, Probe.MinConfidence);

    internal int EffectiveConcurrency => Concurrency > 0 ? Concurrency : Environment.ProcessorCount;
}
