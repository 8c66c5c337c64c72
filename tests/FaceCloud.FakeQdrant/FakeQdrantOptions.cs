using System.Security.Cryptography.X509Certificates;

namespace FaceCloud.FakeQdrant;

public sealed record FakeQdrantOptions
{
    /// <summary>0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Asked of every call but the health check; null: none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A key that may only read.</summary>
    public string? ReadOnlyKey { get; init; }

    /// <summary>Makes the port a TLS one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Answers vectors in the old flat field, as servers up to v1.16 do.</summary>
    public bool AnswersFlat { get; init; }
}
