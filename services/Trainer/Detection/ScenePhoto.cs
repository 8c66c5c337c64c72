namespace FaceCloud.Trainer.Detection;

/// <summary>A photo that scenes are composed of: what it shows, and where its pixels are.</summary>
public readonly record struct ScenePhoto(LabelledPhoto Labels, PhotoCache Cache, int Row)
{
    /// <summary>Stored width over the photo's own: what labels are multiplied by.</summary>
    public float Scale => Cache.Scale(Row);

    /// <summary>The readable photos that are held out, or the others.</summary>
    public static List<ScenePhoto> Of(LabelledPhotos photos, PhotoCache cache, bool heldOut) =>
        [.. photos.Photos.Select((labels, row) => new ScenePhoto(labels, cache, row)).Where(photo => photo.Labels.HeldOut == heldOut && !cache.Damaged.Contains(photo.Row))];

    /// <inheritdoc cref="PhotoCache.Size"/>
    public (int Width, int Height) Size(int level = 0) => Cache.Size(Row, level);

    /// <inheritdoc cref="PhotoCache.Pixels"/>
    public ReadOnlySpan<byte> Pixels(int level) => Cache.Pixels(Row, level);
}
