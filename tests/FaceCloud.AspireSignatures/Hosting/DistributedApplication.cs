using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public sealed class DistributedApplication(IReadOnlyDictionary<string, Resource> resources)
{
    /// <summary>Not Aspire's: what was recorded.</summary>
    public IReadOnlyDictionary<string, Resource> Resources => resources;

    public Task RunAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("These signatures start nothing.");

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new RecordingBuilder(args);
}

public interface IDistributedApplicationBuilder
{
    IConfiguration Configuration { get; }

    string AppHostDirectory { get; }

    DistributedApplicationExecutionContext ExecutionContext { get; }

    DistributedApplication Build();
}

public sealed class DistributedApplicationExecutionContext(bool publishes)
{
    public bool IsPublishMode => publishes;

    public bool IsRunMode => !publishes;
}

public interface IProjectMetadata
{
    string ProjectPath { get; }
}
