using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Inference.Encoding;

/// <summary>How items become batches.</summary>
public sealed class BatchingOptions
{
    /// <summary>
    /// Items in a batch at most; default 4 on the CPU, where larger ones bring little and make interactive callers wait, 64 on a GPU.
    /// </summary>
    [Range(1, 4096)]
    public int? MaxBatch { get; set; }

    /// <summary>How long an item may be held back for a fuller batch; default none on the CPU, 2 ms on a GPU.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan? MaxWait { get; set; }

    /// <summary>Interactive items that may wait; one more is refused as ENCODER_BUSY. Default 1024.</summary>
    [Range(256, 1_000_000)]
    public int InteractiveCapacity { get; set; } = 1024;

    /// <summary>Bulk items that may wait; whoever brings one more waits for room. Default 512.</summary>
    [Range(1, 1_000_000)]
    public int BulkCapacity { get; set; } = 512;
}
