namespace FaceCloud.Client;

/// <summary>How far a backup or an import is.</summary>
/// <param name="Bytes">Of the file, so far.</param>
/// <param name="Total">Of the file; 0 when not known.</param>
public sealed record BackupProgress(long Bytes, long Total);
