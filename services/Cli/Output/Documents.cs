using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Output;

/// <summary>
/// The parts of the JSON documents (README, "JSON"). Written out here rather than taken from the messages, so that
/// a change of the protocol does not silently change what scripts read.
/// </summary>
internal static class Documents
{
    public static object Error(string reason, string message) => new { Reason = reason, Message = message };

    public static object? Threshold(Threshold? threshold) => threshold is null ? null : new
    {
        threshold.Value,
        Source = Words.Of(threshold.Source),
        threshold.FalseAcceptRate,
        threshold.FalsePositiveRate,
        threshold.GallerySize,
        threshold.Extrapolated,
        threshold.CalibrationVersion,
        threshold.Comparisons,
    };

    public static object? Timings(Timings? timings) => timings is null ? null : new
    {
        timings.DecodeMs,
        timings.DetectMs,
        timings.AlignMs,
        timings.QueueMs,
        timings.EncodeMs,
        timings.SearchMs,
        timings.TotalMs,
    };

    public static object? Box(Box? box) => box is null ? null : new { box.X, box.Y, box.Width, box.Height };

    public static object? Quality(Quality? quality) => quality is null ? null : new
    {
        quality.Score,
        quality.Sharpness,
        quality.Brightness,
        quality.Pose?.Yaw,
        quality.Pose?.Pitch,
        quality.Pose?.Roll,
        ForRecognition = Words.Of(quality.ForRecognition),
    };

    public static object? Face(DetectedFace? face) => face is null ? null : new
    {
        Box = Box(face.Box),
        face.Confidence,
        Quality = Quality(face.Quality),
        Reasons = Words.Of(face.Quality?.Reasons ?? []),
    };

    public static object EnrolledFace(Face face) => new
    {
        face.FaceId,
        face.PersonId,
        face.EmbeddingContract,
        Quality = Quality(face.Quality),
        Box = Box(face.Box),
        CreatedAt = face.CreatedAt?.ToDateTimeOffset(),
    };

    public static object Person(Person person) => new
    {
        person.PersonId,
        person.Name,
        person.ExternalId,
        Metadata = person.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(entry => entry.Key, entry => entry.Value),
        person.FaceCount,
        CreatedAt = person.CreatedAt?.ToDateTimeOffset(),
    };

    public static object Gallery(V1.Gallery gallery) => new
    {
        gallery.GalleryId,
        gallery.Name,
        gallery.PersonCount,
        gallery.FaceCount,
        gallery.EmbeddingContract,
        Settings = Settings(gallery.Settings),
        gallery.ActiveCalibration,
        CreatedAt = gallery.CreatedAt?.ToDateTimeOffset(),
    };

    public static object Job(Job job) => new
    {
        job.JobId,
        job.GalleryId,
        State = Words.Of(job.State),
        Counts = new
        {
            Accepted = job.Counts?.Accepted ?? 0,
            Pending = job.Counts?.Pending ?? 0,
            Enrolled = job.Counts?.Enrolled ?? 0,
            Duplicate = job.Counts?.Duplicate ?? 0,
            RejectedQuality = job.Counts?.RejectedQuality ?? 0,
            NoFace = job.Counts?.NoFace ?? 0,
            Failed = job.Counts?.Failed ?? 0,
            Cancelled = job.Counts?.Cancelled ?? 0,
            Reasons = job.Counts?.Reasons.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(entry => entry.Key, entry => entry.Value) ?? [],
        },
        job.ItemsPerSecond,
        job.Paused,
        job.RecentItemsPerSecond,
        RemainingSeconds = job.Remaining?.ToTimeSpan().TotalSeconds,
        OnDuplicate = Words.Of(job.OnDuplicate),
        Priority = Words.Of(job.Priority),
        CreatedAt = job.CreatedAt?.ToDateTimeOffset(),
        UpdatedAt = job.UpdatedAt?.ToDateTimeOffset(),
    };

    public static object Item(Item item) => new
    {
        item.ItemId,
        item.PersonId,
        item.Source,
        State = Words.Of(item.State),
        Outcome = Words.Of(item.Outcome),
        Reasons = ItemReasons(item),
        item.Message,
        item.FaceId,
        CreatedAt = item.CreatedAt?.ToDateTimeOffset(),
        FinishedAt = item.FinishedAt?.ToDateTimeOffset(),
        item.Attempt,
        item.Held,
    };

    public static object Index(V1.Index index) => new
    {
        Kind = Words.Of(index.Kind),
        MovingTo = index.MovingTo == IndexKind.Unspecified ? null : Words.Of(index.MovingTo),
        Operation = index.Operation is not { } operation ? null : new
        {
            Kind = Words.Of(operation.Kind),
            State = Words.Of(operation.State),
            operation.GalleryId,
            operation.Repair,
            operation.Galleries,
            operation.GalleriesDone,
            Drift = new
            {
                Faces = operation.Drift?.Faces ?? 0,
                Missing = operation.Drift?.Missing ?? 0,
                Extra = operation.Drift?.Extra ?? 0,
                Changed = operation.Drift?.Changed ?? 0,
                Damaged = operation.Drift?.Damaged ?? 0,
            },
            operation.Message,
            StartedAt = operation.StartedAt?.ToDateTimeOffset(),
            FinishedAt = operation.FinishedAt?.ToDateTimeOffset(),
        },
    };

    /// <summary>Quality reasons, or the error's for a photo that failed.</summary>
    public static string[] ItemReasons(Item item) =>
        item.ErrorReason.Length > 0 ? [.. Words.Of(item.Reasons), item.ErrorReason] : Words.Of(item.Reasons);

    public static object Calibration(V1.Calibration calibration) => new
    {
        calibration.Version,
        State = Words.Of(calibration.State),
        calibration.EmbeddingContract,
        Scoring = Words.Of(calibration.Scoring),
        MeanOfBest = calibration.MeanOfBest > 0 ? calibration.MeanOfBest : (int?)null,
        calibration.Persons,
        calibration.PersonsOfGallery,
        calibration.Faces,
        calibration.GenuinePersons,
        calibration.GenuineComparisons,
        calibration.ImpostorComparisons,
        Rates = calibration.Rates.Select(rate => new
        {
            rate.FalseAcceptRate,
            rate.Threshold,
            ThresholdInterval = Interval(rate.ThresholdInterval),
            TrueAcceptRate = rate.HasTrueAcceptRate ? rate.TrueAcceptRate : (double?)null,
            TrueAcceptInterval = Interval(rate.TrueAcceptInterval),
            rate.FalseAccepts,
            rate.PersonPairs,
            Refusal = rate.Refusal.Length > 0 ? rate.Refusal : null,
        }).ToArray(),
        calibration.HasHead,
        calibration.HeadNote,
        CreatedAt = calibration.CreatedAt?.ToDateTimeOffset(),
    };

    private static double[]? Interval(Interval? interval) => interval is null ? null : [interval.Low, interval.High];

    private static object Settings(GallerySettings? settings) => new
    {
        VerifyThreshold = settings is { HasVerifyThreshold: true } ? settings.VerifyThreshold : (float?)null,
        IdentifyThreshold = settings is { HasIdentifyThreshold: true } ? settings.IdentifyThreshold : (float?)null,
        MaxFalseAcceptRate = settings is { HasMaxFalseAcceptRate: true } ? settings.MaxFalseAcceptRate : (double?)null,
        MaxFalsePositiveRate = settings is { HasMaxFalsePositiveRate: true } ? settings.MaxFalsePositiveRate : (double?)null,
        AmbiguityMargin = settings is { HasAmbiguityMargin: true } ? settings.AmbiguityMargin : (float?)null,
        MinQuality = settings is { HasMinQuality: true } ? settings.MinQuality : (float?)null,
        Scoring = Words.Of(settings is { Scoring: not PersonScoring.Unspecified } ? settings.Scoring : PersonScoring.BestFace),
        MeanOfBest = settings is { HasMeanOfBest: true } ? settings.MeanOfBest : (int?)null,
    };
}
