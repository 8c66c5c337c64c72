namespace FaceCloud.Client;

/// <summary>How far an upload is.</summary>
/// <param name="Accepted">Photos acknowledged so far: stored, and sure to get an outcome.</param>
/// <param name="Refused">Photos that did not become items.</param>
public sealed record UploadProgress(long Accepted, long Refused);
