namespace FaceCloud.Client;

/// <summary>One photo of a job.</summary>
/// <param name="PersonId">1..128 printable characters.</param>
/// <param name="Photo">The file's bytes; at most 20 MB.</param>
public sealed record PhotoUpload(string PersonId, ReadOnlyMemory<byte> Photo)
{
    /// <summary>Name for a person that this photo creates.</summary>
    public string? PersonName { get; init; }

    /// <summary>Where the photo came from, for the report, for example a file name; at most 1024 characters.</summary>
    public string? Source { get; init; }
}
