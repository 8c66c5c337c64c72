using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery.Encoding;

/// <summary>Where the Encoder service is, and how long to wait for it.</summary>
public sealed class EncoderClientOptions
{
    public const string SectionName = "Encoder";

    /// <summary>gRPC address of the Encoder service; default http://localhost:8085.</summary>
    [Required]
    public Uri Address { get; set; } = new("http://localhost:8085");

    /// <summary>Deadline of one call, retries included; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the model's description is kept before it is asked for again; default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ModelAge { get; set; } = TimeSpan.FromMinutes(1);
}
