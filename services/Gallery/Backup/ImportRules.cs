using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Backup;

/// <summary>How a backup is put into a gallery.</summary>
public sealed record ImportRules
{
    /// <summary>Where to; null: the gallery that the file names.</summary>
    public GalleryKey? Gallery { get; init; }

    /// <summary>The file's name and settings also for a gallery that is there.</summary>
    public bool ReplaceSettings { get; init; }

    /// <summary>Also what was deleted after the backup was made.</summary>
    public bool RestoreDeleted { get; init; }
}
