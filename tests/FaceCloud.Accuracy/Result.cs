using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Accuracy;

/// <summary>All that was measured.</summary>
/// <param name="Enrolment">The job's counts.</param>
/// <param name="EnrolmentTime">First photo sent to last outcome known.</param>
/// <param name="NotEnrolled">Photos that did not become a face, and why.</param>
/// <param name="Answers">One a probe and stranger.</param>
/// <param name="SearchTime">All searches, at <paramref name="Concurrency"/> at a time.</param>
/// <param name="Concurrency">Searches at a time.</param>
/// <param name="EmbeddingContract">The model that answered.</param>
/// <param name="Scoring">How several photos of a person count.</param>
/// <param name="Calibrated">The answers once the gallery was calibrated on itself; none when it could not be.</param>
/// <param name="CalibrationRefusal">Why it could not be.</param>
internal sealed record Result(
    JobCounts Enrolment,
    TimeSpan EnrolmentTime,
    IReadOnlyList<string> NotEnrolled,
    IReadOnlyList<Answer> Answers,
    TimeSpan SearchTime,
    int Concurrency,
    string EmbeddingContract,
    PersonScoring Scoring,
    IReadOnlyList<Answer> Calibrated,
    string? CalibrationRefusal);
