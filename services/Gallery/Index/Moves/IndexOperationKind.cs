namespace FaceCloud.Gallery.Index.Moves;

/// <summary>The same words as the proto enum IndexOperationKind.</summary>
public enum IndexOperationKind
{
    Verify = 1,
    Rebuild = 2,
    Switch = 3,
}
