using FaceCloud.ServiceDefaults.Lifetime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Storage;

/// <summary>
/// A relational store: PostgreSQL when the connection string of that name (or <c>postgres</c>) is given, else a SQLite file.
/// Each engine has its own context type, since migrations differ.
/// </summary>
public static class StorageExtensions
{
    private const string SharedConnectionName = "postgres";

    // In front of what is given, which therefore may say otherwise.
    // Statements are few and always the same: the database plans each once a connection, and for the average of its parameters. A plan for
    // the parameters of one call rests on statistics that do not know a gallery or job filled since they were last taken: it would be taken
    // for empty, and read from end to end to find one row. Nothing is set on a connection that its next user would have to be saved from.
    private const string Defaults = "Max Auto Prepare=100;Options=-c plan_cache_mode=force_generic_plan;No Reset On Close=true;";

    // Shorter than a probe waits; a driver takes a quarter of a minute to give up an address that nobody answers.
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Registers <see cref="IDbContextFactory{TContext}"/> and brings the schema up to date before anything else starts.</summary>
    public static TBuilder AddStore<TBuilder, TContext, TSqlite, TPostgres>(this TBuilder builder, string name)
        where TBuilder : IHostApplicationBuilder
        where TContext : DbContext
        where TSqlite : TContext
        where TPostgres : TContext
    {
        builder.AddStorageOptions();
        builder.Services.TryAddSingleton<StartSteps>();
        var postgres = builder.Configuration.GetConnectionString(name) ?? builder.Configuration.GetConnectionString(SharedConnectionName);
        if (postgres is not null)
        {
            builder.Services.AddPooledDbContextFactory<TPostgres>(options =>
                options.UseNpgsql(Defaults + postgres, npgsql => npgsql.MigrationsHistoryTable("migrations", name)));
            builder.Services.AddSingleton<IDbContextFactory<TContext>, ContextFactory<TContext, TPostgres>>();
        }
        else
        {
            builder.Services.AddDbContextFactory<TSqlite>((services, sqlite) =>
            {
                var directory = Path.GetFullPath(services.GetRequiredService<IOptions<StorageOptions>>().Value.Directory);
                sqlite.UseSqlite($"Data Source={Path.Combine(directory, name + ".db")}");
            });
            builder.Services.AddSingleton<IDbContextFactory<TContext>, ContextFactory<TContext, TSqlite>>();
        }

        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<StoreMigrator<TContext>>(services, name));
        builder.Services.AddHostedService(services => services.GetRequiredService<StoreMigrator<TContext>>());
        builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck<TContext>>($"store-{name}", timeout: CheckTimeout);
        return builder;
    }

    public static TBuilder AddStorageOptions<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        return builder;
    }
}
