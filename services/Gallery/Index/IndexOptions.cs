using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery.Index;

/// <summary>Which index this service searches, and how often it is compared with the store.</summary>
public sealed class IndexOptions
{
    public const string SectionName = "Index";

    /// <summary>embedded (default) or qdrant. A switch at run time (facecloud index switch) holds until this setting is changed.</summary>
    public IndexKind Kind { get; set; } = IndexKind.Embedded;

    /// <summary>How often a shared index is asked whether it is there; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the faces of a shared index are compared with the store's, and drift repaired; default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan VerifyInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Pause before the index is tried again that could not be filled; default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(2);
}
