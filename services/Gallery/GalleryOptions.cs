using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery;

/// <summary>How this service decides and waits when neither request nor gallery says.</summary>
public sealed class GalleryOptions
{
    public const string SectionName = "Gallery";

    /// <summary>Rate of single impostor comparisons accepted by Verify; default 1e-3.</summary>
    [Range(0d, 1d, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double MaxFalseAcceptRate { get; set; } = 1e-3;

    /// <summary>Rate of strangers to whom Identify gives any name, over the whole gallery; default 1e-2.</summary>
    [Range(0d, 1d, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double MaxFalsePositiveRate { get; set; } = 1e-2;

    /// <summary>Two persons above the threshold closer than this cosine are ambiguous; default 0.02.</summary>
    [Range(0f, 1f)]
    public float AmbiguityMargin { get; set; } = 0.02f;

    /// <summary>Faces of one photo that are looked at by Detect and by Identify for all faces; default 500.</summary>
    [Range(1, 10_000)]
    public int MaxFaces { get; set; } = 500;

    /// <summary>Quality score from which a face is called a good template; default 0.7.</summary>
    [Range(0f, 1f)]
    public float HighQuality { get; set; } = 0.7f;

    /// <summary>How long a deletion is remembered against enrolments accepted before it; default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan DeletionMemory { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a call waits for the index to be loaded at start before it answers UNAVAILABLE; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan IndexWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the size of the index is counted for the metrics; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MeasureInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Encoded faces stored in one transaction, at most; default 50.</summary>
    [Range(1, 1000)]
    public int StoreBatch { get; set; } = 50;

    /// <summary>Encoded faces are stored together while the next one comes within this time of the last; default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan StoreBatchWait { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries after the first to store an encoded face while the store is away, before the item fails; default 8.</summary>
    [Range(0, 50)]
    public int StoreRetries { get; set; } = 8;

    /// <summary>Longest pause between those tries; the first is a 64th of it; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.064", "00:10:00")]
    public TimeSpan StoreRetryPause { get; set; } = TimeSpan.FromSeconds(30);
}
