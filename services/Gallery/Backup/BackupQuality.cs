namespace FaceCloud.Gallery.Backup;

/// <param name="Score">0..1.</param>
/// <param name="Sharpness">0..1.</param>
/// <param name="Brightness">0..1.</param>
/// <param name="Yaw">Degrees.</param>
/// <param name="Pitch">Degrees.</param>
/// <param name="Roll">Degrees.</param>
internal sealed record BackupQuality(float Score, float Sharpness, float Brightness, float Yaw, float Pitch, float Roll);
