using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

internal sealed class RecordingBuilder(string[] args) : IDistributedApplicationBuilder
{
    private readonly Dictionary<string, Resource> _resources = new(StringComparer.Ordinal);

    public IConfiguration Configuration { get; } = new ConfigurationBuilder().AddCommandLine(args).Build();

    public string AppHostDirectory => Path.Combine(Path.GetTempPath(), "repository", "FaceCloud.AppHost");

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(args.Contains("publish"));

    public DistributedApplication Build() => new(_resources);

    public RecordingResourceBuilder<T> Add<T>(T resource)
        where T : Resource
    {
        _resources.Add(resource.Name, resource);
        return new RecordingResourceBuilder<T>(this, resource);
    }
}

internal sealed class RecordingResourceBuilder<T>(RecordingBuilder builder, T resource) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => builder;

    public T Resource => resource;
}
