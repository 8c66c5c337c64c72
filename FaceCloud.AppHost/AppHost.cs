using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes.Resources;

// WithHttpProbe is marked experimental; nothing else becomes a probe of Kubernetes.
#pragma warning disable ASPIREPROBES001

namespace FaceCloud.AppHost;

/// <summary>
/// The whole system: broker and stores first, then a paragraph for each service with its references and waits.
/// Settings: <c>--Encoder:Replicas 2</c>, <c>--Encoder:Gpu true</c>, <c>--Ingestion:Replicas 2</c>, <c>--Gallery:Replicas 2</c>;
/// for publishing <c>--Target compose|kubernetes</c> and the secrets as <c>Parameters__rabbit_password</c>,
/// <c>Parameters__postgres_password</c>, <c>Parameters__qdrant_key</c>.
/// Compiled only where the package feed serves Aspire (Orchestration/Orchestrator.props).
/// </summary>
internal static class AppHost
{
    private const string Startup = "/health/startup";
    private const string Live = "/alive";
    private const string Ready = "/health";

    // Value of the Dockerfile's argument ACCELERATOR and of Encoder:ExecutionProvider.
    private const string Cuda = "cuda";

    // A service has 30 s for what it has in hand; left alone, Compose kills after 10 s and Kubernetes after 30 s.
    private const int StopSeconds = 45;

    public static DistributedApplication Build(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        var kubernetes = IsForKubernetes(builder);
        var gpu = string.Equals(builder.Configuration["Encoder:Gpu"], "true", StringComparison.OrdinalIgnoreCase);

        if (kubernetes)
        {
            // Else every volume would be an empty folder that ends with its pod.
            builder.AddKubernetesEnvironment("facecloud").WithProperties(cluster => cluster.DefaultStorageType = "pvc");
        }
        else
        {
            builder.AddDockerComposeEnvironment("facecloud");
        }

        var rabbitmq = builder.AddRabbitMQ("rabbitmq", password: Secret(builder, "rabbit-password"))
            .WithManagementPlugin()
            .WithDataVolume("facecloud-rabbitmq");

        // The image makes the database at its first start: published, nobody else would before both services try to.
        var postgres = builder.AddPostgres("postgres-server", password: Secret(builder, "postgres-password"))
            .WithEnvironment("POSTGRES_DB", "facecloud")
            .WithDataVolume("facecloud-postgres")
            .AddDatabase("postgres", databaseName: "facecloud");

        var qdrant = builder.AddQdrant("qdrant", apiKey: Secret(builder, "qdrant-key"))
            .WithDataVolume("facecloud-qdrant");

        var encoder = AddService<Projects.FaceCloud_Encoder>(builder, "encoder", "Encoder", httpPort: 8084, grpcPort: 8085, accelerator: gpu ? Cuda : "cpu")
            .WithReference(rabbitmq).WaitFor(rabbitmq)
            // Demanded, so that a GPU that cannot be used stops the process. Run here, the build needs Accelerator=cuda in the environment too.
            .WithEnvironment("Encoder__ExecutionProvider", gpu ? Cuda : "auto");

        AddService<Projects.FaceCloud_Gallery>(builder, "gallery", "Gallery", httpPort: 8080, grpcPort: 8081)
            .WithReference(rabbitmq).WaitFor(rabbitmq)
            .WithReference(postgres).WaitFor(postgres)
            .WithReference(qdrant).WaitFor(qdrant)
            .WithEnvironment("Index__Kind", "qdrant")
            .WithEnvironment("Encoder__Address", encoder.GetEndpoint("grpc")).WaitFor(encoder)
            .WithExternalHttpEndpoints();

        AddService<Projects.FaceCloud_Ingestion>(builder, "ingestion", "Ingestion", httpPort: 8082, grpcPort: 8083)
            .WithReference(rabbitmq).WaitFor(rabbitmq)
            .WithReference(postgres).WaitFor(postgres)
            .WithExternalHttpEndpoints();

        return builder.Build();
    }

    // Generated and kept in the user secrets while developing; published, the value is a parameter of the target.
    private static IResourceBuilder<ParameterResource> Secret(IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 24, Special = false }, secret: true, persist: true);

    private static bool IsForKubernetes(IDistributedApplicationBuilder builder) =>
        string.Equals(builder.Configuration["Target"], "kubernetes", StringComparison.OrdinalIgnoreCase);

    /// <summary>A service with its two endpoints (HTTP/JSON and gRPC), health, data folder and number of replicas.</summary>
    private static IResourceBuilder<ProjectResource> AddService<TProject>(
        IDistributedApplicationBuilder builder, string name, string room, int httpPort, int grpcPort, string? accelerator = null)
        where TProject : IProjectMetadata, new()
    {
        // Run here, replicas share the service's own port and take a free one each behind it; published, every container has the own one.
        var publish = builder.ExecutionContext.IsPublishMode;
        var service = builder.AddProject<TProject>(name, launchProfileName: null)
            .WithHttpEndpoint(port: httpPort, targetPort: publish ? httpPort : null, name: "http", env: "Endpoints__HttpPort")
            .WithHttpEndpoint(port: grpcPort, targetPort: publish ? grpcPort : null, name: "grpc", env: "Endpoints__GrpcPort")
            .WithEndpoint("grpc", endpoint => endpoint.Transport = "http2")
            .WithEnvironment("Endpoints__Address", publish ? "0.0.0.0" : "127.0.0.1")
            .WithEnvironment("Storage__Directory", publish ? "/data" : Path.GetFullPath("../facecloud-data", builder.AppHostDirectory))
            .WithReplicas(int.TryParse(builder.Configuration[$"{room}:Replicas"], out var replicas) ? replicas : 1);

        // The two may not stand on the same path together; Kubernetes knows only the probes.
        return publish ? Published(service, name, room, accelerator) : service.WithHttpHealthCheck(Ready, endpointName: "http");
    }

    /// <summary>As a container: the image of the service's Dockerfile, probes, volume, time to stop, and the GPU where one is asked for.</summary>
    private static IResourceBuilder<ProjectResource> Published(IResourceBuilder<ProjectResource> service, string name, string room, string? accelerator)
    {
        service
            .WithHttpProbe(ProbeType.Startup, Startup, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 360, endpointName: "http")
            .WithHttpProbe(ProbeType.Liveness, Live, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6, endpointName: "http")
            .WithHttpProbe(ProbeType.Readiness, Ready, periodSeconds: 5, timeoutSeconds: 5, endpointName: "http")
            .PublishAsDockerFile(image =>
            {
                image.WithDockerfile("..", $"services/{room}/Dockerfile").WithVolume($"facecloud-{name}", "/data");
                if (accelerator is not null)
                {
                    image.WithBuildArg("ACCELERATOR", accelerator);
                }
            });

        // Only of the environment that is there: the other's would fail the run.
        if (!IsForKubernetes(service.ApplicationBuilder))
        {
            return service.PublishAsDockerComposeService((_, container) =>
            {
                container.StopGracePeriod = $"{StopSeconds}s";
                if (accelerator == Cuda)
                {
                    // By its name in the container device interface: Aspire's Compose types have no reservation of devices.
                    container.Devices.Add("nvidia.com/gpu=all");
                }
            });
        }

        return service
            .WithEnvironment("Shutdown__Delay", "00:00:05")
            .PublishAsKubernetesService(deployed =>
            {
                var pod = deployed.Workload!.PodTemplate!.Spec!;
                pod.TerminationGracePeriodSeconds = StopSeconds;
                if (accelerator == Cuda)
                {
                    pod.Containers[0].Resources ??= new ResourceRequirementsV1();
                    pod.Containers[0].Resources!.Limits["nvidia.com/gpu"] = "1";
                }
            });
    }
}
