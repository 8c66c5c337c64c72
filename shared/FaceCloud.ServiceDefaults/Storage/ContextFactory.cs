using Microsoft.EntityFrameworkCore;

namespace FaceCloud.ServiceDefaults.Storage;

/// <summary>Hands out an engine's context as the engine-neutral one.</summary>
internal sealed class ContextFactory<TContext, TEngine>(IDbContextFactory<TEngine> engine) : IDbContextFactory<TContext>
    where TContext : DbContext
    where TEngine : TContext
{
    public TContext CreateDbContext() => engine.CreateDbContext();
}
