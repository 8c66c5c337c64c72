using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Client;

/// <summary>One photo of a job.</summary>
/// <param name="PersonId">1..128 printable characters.</param>
/// <param name="Photo">The file's bytes, at most 20 MB; empty with a <see cref="Reference"/>.</param>
public sealed record PhotoUpload(string PersonId, ReadOnlyMemory<byte> Photo)
{
    /// <summary>Name for a person that this photo creates.</summary>
    public string? PersonName { get; init; }

    /// <summary>Where the server finds the photo, in place of its bytes; what it reads from is its operator's choice.</summary>
    public PhotoReference? Reference { get; init; }

    /// <summary>Where the photo came from, for the report, for example a file name; at most 1024 characters.</summary>
    public string? Source { get; init; }
}
