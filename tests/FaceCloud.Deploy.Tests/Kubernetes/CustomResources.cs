using k8s;
using k8s.Models;

namespace FaceCloud.Deploy.Tests.Kubernetes;

// The parts of foreign resource definitions that deploy/kubernetes uses, after their documentation (KEDA 2, Prometheus operator);
// what is not named here is refused when read.

/// <summary>keda.sh/v1alpha1.</summary>
internal sealed class ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ScaledObjectSpec Spec { get; set; } = new();
}

internal sealed class ScaledObjectSpec
{
    public ScaleTarget ScaleTargetRef { get; set; } = new();

    public int? PollingInterval { get; set; }

    public int? CooldownPeriod { get; set; }

    public int? MinReplicaCount { get; set; }

    public int? MaxReplicaCount { get; set; }

    public ScaleFallback? Fallback { get; set; }

    public ScaleAdvanced? Advanced { get; set; }

    public List<ScaleTrigger> Triggers { get; set; } = [];
}

internal sealed class ScaleTarget
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public string Name { get; set; } = "";
}

internal sealed class ScaleFallback
{
    public int FailureThreshold { get; set; }

    public int Replicas { get; set; }
}

internal sealed class ScaleAdvanced
{
    public bool? RestoreToOriginalReplicaCount { get; set; }

    public AutoscalerConfig? HorizontalPodAutoscalerConfig { get; set; }
}

internal sealed class AutoscalerConfig
{
    public V2HorizontalPodAutoscalerBehavior? Behavior { get; set; }
}

internal sealed class ScaleTrigger
{
    public string Type { get; set; } = "";

    public string? MetricType { get; set; }

    public Dictionary<string, string> Metadata { get; set; } = [];

    public AuthenticationReference? AuthenticationRef { get; set; }
}

internal sealed class AuthenticationReference
{
    public string Name { get; set; } = "";

    public string? Kind { get; set; }
}

/// <summary>keda.sh/v1alpha1.</summary>
internal sealed class TriggerAuthentication : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TriggerAuthenticationSpec Spec { get; set; } = new();
}

internal sealed class TriggerAuthenticationSpec
{
    public List<SecretTarget> SecretTargetRef { get; set; } = [];
}

internal sealed class SecretTarget
{
    public string Parameter { get; set; } = "";

    public string Name { get; set; } = "";

    public string Key { get; set; } = "";
}

/// <summary>monitoring.coreos.com/v1.</summary>
internal sealed class ServiceMonitor : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ServiceMonitorSpec Spec { get; set; } = new();
}

internal sealed class ServiceMonitorSpec
{
    public V1LabelSelector Selector { get; set; } = new();

    public List<MonitorEndpoint> Endpoints { get; set; } = [];
}

internal sealed class MonitorEndpoint
{
    public string Port { get; set; } = "";

    public string? Path { get; set; }

    public string? Interval { get; set; }

    public string? ScrapeTimeout { get; set; }
}
