using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Enrolment;

/// <param name="Job">As it is now.</param>
/// <param name="Items">Failed items that are on the way again.</param>
public sealed record Retried(EnrolmentJob Job, long Items);
