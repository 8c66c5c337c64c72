namespace FaceCloud.Gallery.Store;

/// <param name="Added">New.</param>
/// <param name="Present">Were there.</param>
/// <param name="Deleted">Not added, since they were deleted meanwhile.</param>
public sealed record PersonsAdded(int Added, int Present, int Deleted);
