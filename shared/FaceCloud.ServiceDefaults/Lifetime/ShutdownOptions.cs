using System.ComponentModel.DataAnnotations;

namespace FaceCloud.ServiceDefaults.Lifetime;

/// <summary>How a process ends when it is told to (SIGTERM).</summary>
public sealed class ShutdownOptions
{
    public const string SectionName = "Shutdown";

    /// <summary>
    /// How long it goes on taking calls after it has said that it is not ready, for load balancers to notice; default none.
    /// Behind a load balancer: longer than it takes to notice, on Kubernetes 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Delay { get; set; }

    /// <summary>
    /// How long calls and messages in work may take to end after that; default 30 s. Then they are cut off; messages go back to the queue.
    /// Whoever starts the process must leave it <see cref="Delay"/> and this before he kills it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
