using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>
/// Where Qdrant is, and how it is used. Endpoint and key also come from the connection string <c>qdrant</c>
/// (<c>Endpoint=http://host:6334;Key=…</c>); what is set here goes first.
/// </summary>
public sealed class QdrantOptions
{
    public const string SectionName = "Qdrant";

    /// <summary>gRPC address, for example http://localhost:6334 or https://qdrant:6334; needed when the index is qdrant.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Key that may read, write and make collections; default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>PEM file with the certificates that the server's must descend from; default: those the system trusts.</summary>
    public string? CaFile { get; set; }

    /// <summary>Aliases and collections begin with it; several installations may share a server. Default facecloud.</summary>
    [Required, RegularExpression("[a-z0-9][a-z0-9-]{0,39}")]
    public string Prefix { get; set; } = "facecloud";

    /// <summary>Deadline of a search or other read, retries included; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Deadline of a write or of making a collection, retries included; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:30:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts at a call that finds no server, the first included; default 4.</summary>
    [Range(1, 5)]
    public int MaxAttempts { get; set; } = 4;

    /// <summary>Pause before the second attempt, doubled at each further one, shortened at random; default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Largest message either way, bytes; default 64 MiB.</summary>
    [Range(1_048_576, 1_073_741_824)]
    public int MaxMessageBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Faces in one write, and in one page of a listing; default 256.</summary>
    [Range(1, 10_000)]
    public int Batch { get; set; } = 256;

    /// <summary>Compares with every face instead of searching the graph: certain, and as slow as the gallery is large; default false.</summary>
    public bool Exact { get; set; }

    /// <summary>Candidates that a search of the graph keeps; more finds more and takes longer; default: the server's (100).</summary>
    [Range(4, 100_000)]
    public int? HnswEf { get; set; }

    /// <summary>Keeps a byte a value in memory beside the floats, and searches those first; for new collections; default true.</summary>
    public bool Quantization { get; set; } = true;

    /// <summary>Times as many candidates as asked for are compared in floats after the search over bytes; default 2.</summary>
    [Range(1d, 100d)]
    public double Oversampling { get; set; } = 2;

    /// <summary>Floats on disk, bytes in memory; for new collections; default false.</summary>
    public bool VectorsOnDisk { get; set; }

    /// <summary>For new collections; default: the server's choice.</summary>
    [Range(1, 1000)]
    public int? Shards { get; set; }

    /// <summary>Copies of each shard, for new collections in a cluster; default 1.</summary>
    [Range(1, 100)]
    public int ReplicationFactor { get; set; } = 1;

    /// <summary>Copies that must take a write before it is acknowledged, for new collections; default: more than half.</summary>
    [Range(1, 100)]
    public int? WriteConsistencyFactor { get; set; }

    /// <summary>Automatic (default), One, Majority, Quorum or All.</summary>
    public QdrantReadConsistency ReadConsistency { get; set; }
}
