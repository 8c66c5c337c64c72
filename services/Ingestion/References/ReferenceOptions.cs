using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Ingestion.References;

/// <summary>
/// Where photos may be read from that are uploaded by reference. Nothing is, unless it is named here; paths are a matter of
/// <see cref="IngestionOptions.ImportDirectory"/>.
/// </summary>
public sealed class ReferenceOptions
{
    public const string SectionName = "Ingestion:References";

    /// <summary>Bucket from which object keys are read, at the endpoint and with the key of Ingestion:S3; empty: no object keys are.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What every object key must begin with; default: anything.</summary>
    public string ObjectPrefix { get; set; } = "";

    /// <summary>Whether http and https addresses are read; default false. The server then makes requests that its callers choose.</summary>
    public bool Urls { get; set; }

    /// <summary>
    /// Whether also addresses that are not of the public internet are read, such as 10.0.0.1 or localhost; default false. With it, callers
    /// reach whatever this server reaches.
    /// </summary>
    public bool PrivateUrls { get; set; }

    /// <summary>How long an address may take for the whole photo; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan UrlTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
