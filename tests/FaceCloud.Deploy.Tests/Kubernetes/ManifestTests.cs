using System.Globalization;
using FaceCloud.Contracts;
using FaceCloud.ServiceDefaults.Lifetime;
using k8s.Models;

namespace FaceCloud.Deploy.Tests.Kubernetes;

/// <summary>Every overlay, and the base with each component alone.</summary>
public sealed class ManifestTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Render_Strictly_EveryObjectInTheNamespace(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.NotEmpty(rendering.Of<V1Deployment>());
        Assert.All(
            rendering.Objects.Cast<k8s.IKubernetesObject<V1ObjectMeta>>().Where(thing => thing is not V1Namespace),
            thing => Assert.Equal("facecloud", thing.Metadata.NamespaceProperty));
        Assert.Equal("restricted", Assert.Single(rendering.Of<V1Namespace>()).Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        // Names are looked up by reference in the other tests; two objects of one name would make that ambiguous.
        var ids = rendering.Objects.Select(thing => (thing.GetType(), ((k8s.IKubernetesObject<V1ObjectMeta>)thing).Metadata.Name)).ToArray();
        Assert.Equal(ids.Distinct().Count(), ids.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Containers_All_AreConfinedPinnedAndBounded(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.All(rendering.Workloads, workload =>
        {
            var pod = workload.Template.Spec;
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.True(pod.SecurityContext.RunAsUser > 0);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.True(pod.TerminationGracePeriodSeconds >= 45);
            Assert.All(workload.Containers, container =>
            {
                Assert.Matches(@":v?\d+\.\d+[\w.-]*$", container.Image);
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Subset(container.Resources.Requests.Keys.ToHashSet(), new HashSet<string> { "cpu", "memory" });
                Assert.Contains("memory", container.Resources.Limits.Keys);
                Assert.NotNull(container.StartupProbe);
                Assert.NotNull(container.LivenessProbe);
                Assert.NotNull(container.ReadinessProbe);
                Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
            });
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Services_OfOurs_HavePortsProbesAndUserOfTheirImage(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.Equal(3, rendering.Workloads.Count(workload => workload.IsOurs));
        Assert.All(rendering.Workloads.Where(workload => workload.IsOurs), workload =>
        {
            var container = Assert.Single(workload.Containers);
            var (http, grpc) = ServiceSettings.Ports(workload.Room);
            Assert.Equal([("http", http), ("grpc", grpc)], container.Ports.Select(port => (port.Name, port.ContainerPort)));
            Assert.Equal(("/alive", "http"), (container.LivenessProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Port.Value));
            Assert.Equal(("/health/startup", "http"), (container.StartupProbe.HttpGet.Path, container.StartupProbe.HttpGet.Port.Value));
            Assert.Equal(("/health", "http"), (container.ReadinessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Port.Value));
            Assert.StartsWith($"facecloud/{workload.Name}:", container.Image, StringComparison.Ordinal);
            var user = Containers.Dockerfile.Of(workload.Room).Image().Last(instruction => instruction.Word == "USER").Text;
            Assert.Equal(user, workload.Template.Spec.SecurityContext.RunAsUser?.ToString());
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == Containers.Dockerfile.Of(workload.Room).Environment()["Storage__Directory"]);
            Assert.NotEmpty(workload.Template.Spec.TopologySpreadConstraints);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Environment_OfOurs_IsReadByThem(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var maps = rendering.Of<V1ConfigMap>().ToDictionary(map => map.Metadata.Name);

        Assert.All(rendering.Workloads.Where(workload => workload.IsOurs).SelectMany(workload => workload.Containers), container =>
        {
            var variables = container.Env.Select(variable => variable.Name)
                .Concat((container.EnvFrom ?? []).SelectMany(source => maps[source.ConfigMapRef.Name].Data.Keys))
                .ToArray();
            Assert.Contains("Endpoints__Address", variables);
            Assert.All(variables, variable => Assert.True(ServiceSettings.IsRead(variable), $"{container.Name}: nobody reads {variable}."));
            Assert.Equal(variables.Distinct(StringComparer.OrdinalIgnoreCase).Count(), variables.Length);
        });
    }

    /// <summary>Kubernetes kills what has not ended by then: calls are still taken for the delay, and what is in hand has the timeout to end.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task GracePeriod_OfOurs_IsLongerThanTheyDrain(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var settings = rendering.Of<V1ConfigMap>().Single(map => map.Metadata.Name.StartsWith("facecloud-environment", StringComparison.Ordinal)).Data;

        var delay = TimeSpan.Parse(settings["Shutdown__Delay"], CultureInfo.InvariantCulture);

        Assert.True(delay > TimeSpan.Zero);
        Assert.All(rendering.Workloads.Where(workload => workload.IsOurs), workload =>
            Assert.True(workload.Template.Spec.TerminationGracePeriodSeconds > (delay + new ShutdownOptions().Timeout).TotalSeconds));
    }

    /// <summary>The embedded index knows only its own process's writes: a second Gallery would give wrong answers.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Gallery_WithTheEmbeddedIndex_IsOneAtAnyMoment(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        var gallery = rendering.Of<V1Deployment>().Single(deployment => deployment.Metadata.Name == "gallery");
        var shared = gallery.Spec.Template.Spec.Containers[0].Env.Any(variable => variable is { Name: "Index__Kind", Value: "qdrant" });
        var scaled = rendering.Of<V2HorizontalPodAutoscaler>().Any(scaler => scaler.Spec.ScaleTargetRef.Name == "gallery");
        Assert.True(shared || (gallery.Spec.Replicas == 1 && !scaled && gallery.Spec.Strategy.Type == "Recreate"));
    }

    [Theory]
    [InlineData("components/qdrant-cluster")]
    [InlineData("overlays/production")]
    public async Task Gallery_WithQdrant_IsMany(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        var gallery = rendering.Of<V1Deployment>().Single(deployment => deployment.Metadata.Name == "gallery");
        var scaler = rendering.Of<V2HorizontalPodAutoscaler>().Single(scaler => scaler.Spec.ScaleTargetRef.Name == "gallery");
        Assert.Contains(gallery.Spec.Template.Spec.Containers[0].Env, variable => variable is { Name: "Index__Kind", Value: "qdrant" });
        Assert.True(scaler.Spec.MinReplicas > 1);
        Assert.Null(gallery.Spec.Replicas);
        Assert.Equal("RollingUpdate", gallery.Spec.Strategy.Type);
        Assert.Equal(3, rendering.Of<V1StatefulSet>().Single(set => set.Metadata.Name == "qdrant").Spec.Replicas);
    }

    [Theory]
    [InlineData("components/autoscaling")]
    [InlineData("overlays/production")]
    public async Task Encoder_Scaled_ByTheLengthOfItsQueueAndNeverToNone(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        var scaled = Assert.Single(rendering.Of<ScaledObject>());
        var trigger = Assert.Single(scaled.Spec.Triggers);
        Assert.Equal(("rabbitmq", Queues.EncodeFace, "QueueLength"), (trigger.Type, trigger.Metadata["queueName"], trigger.Metadata["mode"]));
        Assert.True(scaled.Spec.MinReplicaCount >= 1);
        Assert.Contains(rendering.Of<TriggerAuthentication>(), authentication => authentication.Metadata.Name == trigger.AuthenticationRef!.Name);
    }

    /// <summary>Applying the files again must not undo what a scaler did.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Replicas_OfWhatIsScaled_AreTheScalers(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        var scaled = rendering.Of<V2HorizontalPodAutoscaler>().Select(scaler => scaler.Spec.ScaleTargetRef.Name)
            .Concat(rendering.Of<ScaledObject>().Select(scaler => scaler.Spec.ScaleTargetRef.Name))
            .ToArray();
        Assert.Equal(scaled.Distinct().Count(), scaled.Length);
        Assert.All(scaled, target => Assert.Null(rendering.Workloads.Single(workload => workload.Name == target).Replicas));
    }

    /// <summary>Several on one volume need one that several nodes mount.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Photos_OfSeveralIngestions_AreOnASharedVolume(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        var several = rendering.Of<V2HorizontalPodAutoscaler>().Any(scaler => scaler.Spec.ScaleTargetRef.Name == "ingestion");
        var claim = rendering.Of<V1PersistentVolumeClaim>().Single(claim => claim.Metadata.Name == "facecloud-photos");
        Assert.Equal([several ? "ReadWriteMany" : "ReadWriteOnce"], claim.Spec.AccessModes);
    }

    [Theory]
    [InlineData("components/gpu")]
    [InlineData("overlays/production")]
    public async Task Encoder_OnAGpu_DemandsItWithTheImageForIt(string name)
    {
        var container = (await Rendering.OfAsync(name)).Of<V1Deployment>().Single(deployment => deployment.Metadata.Name == "encoder").Spec.Template.Spec.Containers[0];

        Assert.Equal("facecloud/encoder:0.1.0-cuda", container.Image);
        Assert.Contains(container.Env, variable => variable is { Name: "Encoder__ExecutionProvider", Value: "cuda" });
        Assert.Equal("1", container.Resources.Limits["nvidia.com/gpu"].ToString());
    }

    [Theory]
    [InlineData("components/postgres-external")]
    [InlineData("overlays/production")]
    public async Task Postgres_External_NoneOfOurs(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.DoesNotContain(rendering.Workloads, workload => workload.Name == "postgres");
        Assert.DoesNotContain(rendering.Of<V1Service>(), service => service.Metadata.Name == "postgres");
    }

    [Theory]
    [InlineData("components/rabbitmq-cluster")]
    [InlineData("overlays/production")]
    public async Task RabbitMq_Cluster_ThreeOnDifferentMachines(string name)
    {
        var broker = (await Rendering.OfAsync(name)).Of<V1StatefulSet>().Single(set => set.Metadata.Name == "rabbitmq");

        Assert.Equal(3, broker.Spec.Replicas);
        Assert.NotEmpty(broker.Spec.Template.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution);
    }

    public static TheoryData<string> Names() => [.. Rendering.Names()];
}
