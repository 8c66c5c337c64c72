using System.ComponentModel.DataAnnotations;
using FaceCloud.Ingestion.Photos;

namespace FaceCloud.Ingestion;

/// <summary>How bulk enrolment runs. Limits of a photo itself are the vision room's.</summary>
public sealed class IngestionOptions
{
    public const string SectionName = "Ingestion";

    /// <summary>Photos of one Upload stream that are stored at the same time; memory of a stream is bounded by it; default 8.</summary>
    [Range(1, 64)]
    public int UploadParallelism { get; set; } = 8;

    /// <summary>Photos cropped at the same time in this process; default 0: one a core.</summary>
    [Range(0, 1024)]
    public int CropConcurrency { get; set; }

    /// <summary>
    /// The process gives way to others on its machine, so that who waits for an answer (Verify, Identify) does not wait for bulk; default true.
    /// Read at the start. A machine of its own loses nothing by it.
    /// </summary>
    public bool BelowNormalPriority { get; set; } = true;

    /// <summary>Tries of a step that failed and may heal, after the first; default 5, waiting from 200 ms up to 30 s in between.</summary>
    [Range(0, 20)]
    public int RetryLimit { get; set; } = 5;

    /// <summary>Shortest wait before a step is tried again; default 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan RetryMinInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait before a step is tried again; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan RetryMaxInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most outcomes booked in one transaction; default 50.</summary>
    [Range(1, 1000)]
    public int OutcomeBatchSize { get; set; } = 50;

    /// <summary>Outcomes are booked together while the next one comes within this time of the last; default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan OutcomeBatchWait { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a photo waits for the broker's confirm before the call fails with BROKER_UNAVAILABLE; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Shortest time between two updates of WatchJob; default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often items without an outcome are looked for; default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// An item without an outcome for this long gets its command again; the wait doubles with every time; default 10 minutes.
    /// Too short costs little: a command whose item has its outcome is dropped unread.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "7.00:00:00")]
    public TimeSpan OverdueAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Times that an overdue item gets its command again before it ends as FAILED; default 8 (a day and a half).</summary>
    [Range(1, 20)]
    public int OverdueLimit { get; set; } = 8;

    /// <summary>How often photos of jobs that may send again (resumed, retried, of a lower priority) are looked for; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan HeldInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Where photos wait: folder (default, Storage:Directory/photos) or s3 (Ingestion:S3).</summary>
    public PhotoStoreKind PhotoStore { get; set; } = PhotoStoreKind.Folder;

    /// <summary>A stored photo that no item waits for is deleted at this age; default 1 day. Items delete theirs with their outcome; this is for what a crash left, and for failed items that were not retried.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan PhotoLeftoverAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often such photos are looked for; default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "7.00:00:00")]
    public TimeSpan PhotoSweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often unfinished jobs are counted for the metrics; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MeasureInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Folder whose photos may be enrolled by path (EnrollPhoto.photoPath); default none: photos are not taken by path.</summary>
    public string? ImportDirectory { get; set; }

    /// <summary>Most bytes of a photo that lies in an EnrollPhoto message itself; default 256 KiB; 0: photos are not taken in messages.</summary>
    [Range(0, 1024 * 1024)]
    public int InlinePhotoBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Photos without an outcome at one time, in all processes together; default 20,000. More wait at the door, and the client with them.
    /// Bounds what lies in the photo store and, at 50 KB each, in the broker.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MostPending { get; set; } = 20_000;

    /// <summary>How long a photo waits at the door before the call fails with INTAKE_FULL; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan IntakePatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>MiB that must stay free on the disk of the photo folder; below that photos are refused with PHOTO_STORE_FULL; default 256.</summary>
    [Range(0, 1_000_000_000)]
    public int PhotoStoreReserveMegabytes { get; set; } = 256;

    // While some photos are cropped, others have their command looked up and their crop confirmed: no core waits for store or broker.
    internal int PhotosInHand => (2 * EffectiveCropConcurrency) + 2;

    internal int EffectiveCropConcurrency => CropConcurrency > 0 ? CropConcurrency : Environment.ProcessorCount;
}
