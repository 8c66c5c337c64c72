namespace FaceCloud.Cli.Manifests;

/// <summary>Where the photo of a row lies; the names of the columns.</summary>
internal enum ManifestPlace
{
    /// <summary>A file here, relative to the manifest.</summary>
    Path,

    /// <summary>A file below the folder that the server reads photos from.</summary>
    ServerPath,

    /// <summary>In the bucket that the server reads photos from.</summary>
    ObjectKey,

    Url,
}
