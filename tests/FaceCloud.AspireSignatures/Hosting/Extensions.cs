using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Of several static classes of Aspire; only the signatures matter.</summary>
public static class Extensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var parameter = builder.Add(new ParameterResource(name));
        parameter.Resource.IsSecret = secret;
        return parameter;
    }

    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        builder.Add(new RabbitMQServerResource(name));

    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) => builder;

    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.Volume(name, "/var/lib/rabbitmq");

    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        builder.Add(new PostgresServerResource(name));

    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.Volume(name, "/var/lib/postgresql/data");

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null) =>
        builder.ApplicationBuilder.Add(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));

    public static IResourceBuilder<QdrantServerResource> AddQdrant(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? apiKey = null, int? grpcPort = null, int? httpPort = null) =>
        builder.Add(new QdrantServerResource(name));

    public static IResourceBuilder<QdrantServerResource> WithDataVolume(this IResourceBuilder<QdrantServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.Volume(name, "/qdrant/storage");

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() =>
        builder.Add(new ProjectResource(name, new TProject().ProjectPath));

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        builder.Resource.Replicas = replicas;
        return builder;
    }

    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints
    {
        Recorded(builder).Endpoints.Add(new EndpointAnnotation(name ?? "http", port, targetPort, env));
        return env is null ? builder : Set(builder, env, targetPort?.ToString(CultureInfo.InvariantCulture) ?? "any free port");
    }

    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = true)
        where T : IResourceWithEndpoints
    {
        callback(Recorded(builder).Endpoints.Single(endpoint => endpoint.Name == endpointName));
        return builder;
    }

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        Recorded(builder).IsExternal = true;
        return builder;
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints =>
        new(builder.Resource, Recorded(builder).Endpoints.Single(endpoint => endpoint.Name == name).Name);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        Set(builder, name, value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment =>
        Set(builder, name, $"http://{endpointReference.Resource.Name}:{endpointReference.EndpointName}");

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment =>
        Set(builder, $"ConnectionStrings__{connectionName ?? source.Resource.Name}", source.Resource.Example);

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        Recorded(builder).Waits.Add(dependency.Resource.Name);
        return builder;
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        Recorded(builder).HealthChecks.Add(path ?? "/");
        return builder;
    }

    [Experimental("ASPIREPROBES001")]
    public static IResourceBuilder<T> WithHttpProbe<T>(
        this IResourceBuilder<T> builder,
        ProbeType type,
        string? path = null,
        int? initialDelaySeconds = null,
        int? periodSeconds = null,
        int? timeoutSeconds = null,
        int? failureThreshold = null,
        int? successThreshold = null,
        string? endpointName = null)
        where T : IResourceWithEndpoints, IResourceWithProbes
    {
        Recorded(builder).Probes.Add((type, path ?? "/"));
        return builder;
    }

    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder, Action<IResourceBuilder<ContainerResource>>? configure = null)
        where T : ProjectResource
    {
        if (builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            var image = new ContainerResource(builder.Resource.Name);
            configure?.Invoke(new RecordingResourceBuilder<ContainerResource>((RecordingBuilder)builder.ApplicationBuilder, image));
            builder.Resource.Dockerfile = image.Dockerfile;
            builder.Resource.Volumes.AddRange(image.Volumes);
            foreach (var (name, value) in image.BuildArguments)
            {
                builder.Resource.BuildArguments.Add(name, value);
            }
        }

        return builder;
    }

    public static IResourceBuilder<T> WithDockerfile<T>(this IResourceBuilder<T> builder, string contextPath, string? dockerfilePath = null, string? stage = null)
        where T : ContainerResource
    {
        builder.Resource.Dockerfile = $"{contextPath}/{dockerfilePath}";
        return builder;
    }

    public static IResourceBuilder<T> WithBuildArg<T>(this IResourceBuilder<T> builder, string name, object? value)
        where T : ContainerResource
    {
        builder.Resource.BuildArguments.Add(name, value?.ToString() ?? "");
        return builder;
    }

    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource =>
        builder.Volume(name, target);

    internal static RecordingResourceBuilder<T> Add<T>(this IDistributedApplicationBuilder builder, T resource)
        where T : Resource =>
        ((RecordingBuilder)builder).Add(resource);

    private static Resource Recorded<T>(IResourceBuilder<T> builder)
        where T : IResource =>
        (Resource)(IResource)builder.Resource;

    private static IResourceBuilder<T> Set<T>(IResourceBuilder<T> builder, string name, string value)
        where T : IResource
    {
        Recorded(builder).Environment[name] = value;
        return builder;
    }

    private static IResourceBuilder<T> Volume<T>(this IResourceBuilder<T> builder, string? name, string target)
        where T : Resource
    {
        builder.Resource.Volumes.Add((name, target));
        return builder;
    }
}
