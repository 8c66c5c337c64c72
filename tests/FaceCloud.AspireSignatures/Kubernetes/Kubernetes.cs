using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace Aspire.Hosting
{
    public static class EnvironmentExtensions
    {
        public static IResourceBuilder<KubernetesEnvironmentResource> AddKubernetesEnvironment(this IDistributedApplicationBuilder builder, string name) =>
            builder.Add(new KubernetesEnvironmentResource(name));

        public static IResourceBuilder<KubernetesEnvironmentResource> WithProperties(
            this IResourceBuilder<KubernetesEnvironmentResource> builder, Action<KubernetesEnvironmentResource> configure)
        {
            configure(builder.Resource);
            return builder;
        }

        public static IResourceBuilder<DockerComposeEnvironmentResource> AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, string name) =>
            builder.Add(new DockerComposeEnvironmentResource(name));

        public static IResourceBuilder<T> PublishAsKubernetesService<T>(this IResourceBuilder<T> builder, Action<KubernetesResource> configure)
            where T : IComputeResource
        {
            if (builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
            {
                var service = new KubernetesResource { Workload = new Workload() };
                configure(service);
                var recorded = (Resource)(IResource)builder.Resource;
                recorded.StopSeconds = service.Workload.PodTemplate.Spec.TerminationGracePeriodSeconds;
                foreach (var (name, value) in service.Workload.PodTemplate.Spec.Containers[0].Resources?.Limits ?? [])
                {
                    recorded.Limits.Add(name, value);
                }
            }

            return builder;
        }

        public static IResourceBuilder<T> PublishAsDockerComposeService<T>(this IResourceBuilder<T> builder, Action<DockerComposeServiceResource, Service> configure)
            where T : IComputeResource
        {
            if (builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
            {
                var service = new Service();
                configure(new DockerComposeServiceResource(builder.Resource.Name), service);
                var recorded = (Resource)(IResource)builder.Resource;
                recorded.StopSeconds = service.StopGracePeriod is { } period ? int.Parse(period.TrimEnd('s'), CultureInfo.InvariantCulture) : null;
                recorded.Devices.AddRange(service.Devices);
            }

            return builder;
        }
    }
}

namespace Aspire.Hosting.Docker
{
    public sealed class DockerComposeEnvironmentResource(string name) : Resource(name);

    public sealed class DockerComposeServiceResource(string name) : Resource(name);
}

namespace Aspire.Hosting.Docker.Resources.ComposeNodes
{
    public sealed class Service
    {
        public List<string> Devices { get; } = [];

        public string? StopGracePeriod { get; set; }
    }
}

namespace Aspire.Hosting.Kubernetes
{
    public sealed class KubernetesEnvironmentResource(string name) : Resource(name)
    {
        public string DefaultStorageType { get; set; } = "emptyDir";
    }

    public sealed class KubernetesResource
    {
        public Workload? Workload { get; set; }
    }
}

namespace Aspire.Hosting.Kubernetes.Resources
{
    public sealed class Workload
    {
        public PodTemplateSpecV1 PodTemplate { get; } = new();
    }

    public sealed class PodTemplateSpecV1
    {
        public PodSpecV1 Spec { get; } = new();
    }

    public sealed class PodSpecV1
    {
        public long? TerminationGracePeriodSeconds { get; set; }

        public List<ContainerV1> Containers { get; } = [new()];
    }

    public sealed class ContainerV1
    {
        public ResourceRequirementsV1? Resources { get; set; }
    }

    public sealed class ResourceRequirementsV1
    {
        public Dictionary<string, string> Limits { get; } = [];
    }
}

// The classes that Aspire generates from AppHost's project references.
#pragma warning disable CA1707 // their names
namespace Projects
{
    public sealed class FaceCloud_Encoder : IProjectMetadata
    {
        public string ProjectPath => "services/Encoder/FaceCloud.Encoder.csproj";
    }

    public sealed class FaceCloud_Gallery : IProjectMetadata
    {
        public string ProjectPath => "services/Gallery/FaceCloud.Gallery.csproj";
    }

    public sealed class FaceCloud_Ingestion : IProjectMetadata
    {
        public string ProjectPath => "services/Ingestion/FaceCloud.Ingestion.csproj";
    }
}
