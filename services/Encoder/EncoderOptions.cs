using System.ComponentModel.DataAnnotations;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Sessions;
using Microsoft.Extensions.Options;

namespace FaceCloud.Encoder;

/// <summary>Where faces are encoded, and how they are gathered into batches.</summary>
public sealed class EncoderOptions
{
    public const string SectionName = "Encoder";

    /// <summary>auto, cpu, cuda or tensorrt; default: Inference:ExecutionProvider. A demanded provider that cannot load stops the process.</summary>
    [EnumDataType(typeof(ExecutionProvider))]
    public ExecutionProvider? ExecutionProvider { get; set; }

    /// <summary>Batches that run at the same time; default: Inference:Sessions, else one a core on the CPU and one on a GPU.</summary>
    [Range(1, 1024)]
    public int? Sessions { get; set; }

    /// <summary>Which GPU, from 0; default: Inference:Device.</summary>
    [Range(0, 63)]
    public int? Device { get; set; }

    /// <summary>Batches of the network; bulk and interactive share them.</summary>
    [ValidateObjectMembers]
    public BatchingOptions Batching { get; set; } = new();

    /// <summary>Messages taken from the queue together; default 32.</summary>
    [Range(1, 1000)]
    public int MessageBatch { get; set; } = 32;

    /// <summary>How long the first message waits for the others; default 20 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MessageWait { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Message batches in work at the same time; default 2, so that one encodes while the next gathers.</summary>
    [Range(1, 64)]
    public int ConcurrentMessageBatches { get; set; } = 2;

    /// <summary>How often messages are tried again after a failure that may heal; then their items fail. Default 5.</summary>
    [Range(0, 100)]
    public int Retries { get; set; } = 5;

    /// <summary>First pause before trying again; grows with every try. Default 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause before trying again; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan LongestRetryPause { get; set; } = TimeSpan.FromSeconds(10);
}
