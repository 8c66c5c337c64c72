namespace Aspire.Hosting.ApplicationModel;

public interface IResource
{
    string Name { get; }
}

public interface IResourceBuilder<out T>
    where T : IResource
{
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    T Resource { get; }
}

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithProbes : IResource;

public interface IResourceWithWaitSupport : IResource;

public interface IComputeResource : IResource;

public interface IResourceWithConnectionString : IResource
{
    /// <summary>Not Aspire's: an example of what is passed.</summary>
    string Example { get; }
}

/// <summary>Aspire's, with what was recorded about it.</summary>
public class Resource(string name) : IResource
{
    public string Name => name;

    public Dictionary<string, string> Environment { get; } = [];

    public List<string> Waits { get; } = [];

    public List<EndpointAnnotation> Endpoints { get; } = [];

    public List<(ProbeType Type, string Path)> Probes { get; } = [];

    public List<string> HealthChecks { get; } = [];

    public List<(string? Name, string Target)> Volumes { get; } = [];

    public string? Dockerfile { get; set; }

    public Dictionary<string, string> BuildArguments { get; } = [];

    public int Replicas { get; set; } = 1;

    public bool IsExternal { get; set; }

    public bool IsSecret { get; set; }

    public Dictionary<string, string> Limits { get; } = [];

    public List<string> Devices { get; } = [];

    public long? StopSeconds { get; set; }
}

public class ContainerResource(string name) : Resource(name), IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithProbes, IResourceWithWaitSupport, IComputeResource;

public class ProjectResource(string name, string projectPath) : Resource(name), IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithProbes, IResourceWithWaitSupport, IComputeResource
{
    /// <summary>Not Aspire's.</summary>
    public string ProjectPath => projectPath;
}

public sealed class ParameterResource(string name) : Resource(name);

public sealed class RabbitMQServerResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    public string Example => $"amqp://guest:secret@{Name}:5672";
}

public sealed class PostgresServerResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    public string Example => $"Host={Name};Port=5432;Username=postgres;Password=secret";
}

public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server) : Resource(name), IResourceWithConnectionString
{
    public PostgresServerResource Parent => server;

    public string Example => $"{server.Example};Database={databaseName}";
}

public sealed class QdrantServerResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    public string Example => $"Endpoint=http://{Name}:6334;Key=secret";
}
