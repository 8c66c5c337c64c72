using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Client;

/// <summary>What became of the photos of an upload.</summary>
/// <param name="Accepted">Photos that are now items of the job.</param>
/// <param name="RefusedCount">Photos that are not: no item, no outcome.</param>
/// <param name="Refused">Which and why, by position in the upload from 0; a server lists at most 1000 a batch.</param>
public sealed record UploadSummary(long Accepted, long RefusedCount, IReadOnlyList<RefusedPhoto> Refused);
