using Microsoft.Extensions.Hosting;

namespace FaceCloud.Inference.Models;

/// <summary>Stops a process at its start when a model that it needs is missing or wrong.</summary>
internal sealed class ModelsCheck(ModelCatalog catalog, IReadOnlyList<ModelKind> needed) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Check();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="ModelException">The model is missing or wrong.</exception>
    public void Check()
    {
        foreach (var kind in needed)
        {
            _ = catalog[kind];
        }
    }
}
