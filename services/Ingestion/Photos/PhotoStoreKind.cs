namespace FaceCloud.Ingestion.Photos;

/// <summary>Where photos wait.</summary>
public enum PhotoStoreKind
{
    /// <summary>In Storage:Directory/photos; all processes of the service must see the same folder.</summary>
    Folder,

    /// <summary>In a bucket of an S3-compatible object store.</summary>
    S3,
}
