using System.Diagnostics;

namespace FaceCloud.Benchmarks.Index;

/// <summary>
/// What something took. On one core (taskset -c 1) the processor time of this process, for others may use the core meanwhile; on
/// several the time that passed.
/// </summary>
public readonly struct Clock
{
    private readonly TimeSpan _processor = Processor;
    private readonly long _started = Stopwatch.GetTimestamp();

    public Clock()
    {
    }

    public static bool CountsProcessorTime => Environment.ProcessorCount == 1;

    public TimeSpan Elapsed => CountsProcessorTime ? Processor - _processor : Stopwatch.GetElapsedTime(_started);

    private static TimeSpan Processor => CountsProcessorTime ? Environment.CpuUsage.TotalTime : default;
}
