namespace FaceCloud.Gallery.Backup;

/// <param name="Name">In the archive.</param>
/// <param name="Bytes">Unpacked.</param>
/// <param name="Sha256">Of the unpacked bytes, lower-case hex.</param>
internal sealed record BackupEntry(string Name, long Bytes, string Sha256);
