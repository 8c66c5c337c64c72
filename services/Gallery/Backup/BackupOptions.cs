using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Gallery.Backup;

/// <summary>Limits of backups.</summary>
public sealed class BackupOptions
{
    public const string SectionName = "Backup";

    /// <summary>Largest file that Import takes, bytes; default 64 GiB. It is kept on the server's disk while it is checked and read.</summary>
    [Range(1d, 1e15)]
    public long MaxBytes { get; set; } = 64L << 30;

    /// <summary>Faces written to the store in one transaction; default 500. Other writers take turns between two.</summary>
    [Range(1, 10_000)]
    public int ImportBatch { get; set; } = 500;
}
