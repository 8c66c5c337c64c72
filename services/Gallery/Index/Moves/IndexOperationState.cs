namespace FaceCloud.Gallery.Index.Moves;

/// <summary>The same words as the proto enum IndexOperationState.</summary>
public enum IndexOperationState
{
    Running = 1,
    Succeeded = 2,
    Failed = 3,
    Cancelled = 4,
}
