using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.ServiceDefaults;

/// <summary>
/// <list type="bullet">
/// <item><c>/health/live</c> (also <c>/alive</c>): the process answers. Nothing else: a restart brings no broker back.</item>
/// <item><c>/health/startup</c>: it has done once what it must before it can work; stores brought up to date, models and index loaded.</item>
/// <item><c>/health/ready</c> (also <c>/health</c>): it can do its work now; broker, stores, models and index. Not while it stops.</item>
/// </list>
/// The same over gRPC's health service, as the services "live", "startup", "ready" and "" (ready).
/// A new check registers itself and counts for readiness; with <see cref="StartupTag"/> for the start too.
/// </summary>
public static class Health
{
    public const string Path = "/health";
    public const string ReadyPath = Path + "/ready";
    public const string LivePath = Path + "/live";
    public const string StartupPath = Path + "/startup";

    /// <summary>The older name of <see cref="LivePath"/>, and Aspire's.</summary>
    public const string AlivePath = "/alive";

    public const string LiveTag = "live";
    public const string StartupTag = "startup";

    /// <summary>Of a check whose changes are said in the log where they happen.</summary>
    public const string QuietTag = "quiet";

    private const string ReadyService = "ready";

    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services
            .AddGrpcHealthChecks(options =>
            {
                options.Services.Map("", _ => true);
                options.Services.Map(ReadyService, _ => true);
                options.Services.Map(LiveTag, check => check.Tags.Contains(LiveTag));
                options.Services.Map(StartupTag, check => check.Tags.Contains(StartupTag));
            })
            .AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);

        // Each change is one line in the log and a figure for alerts, whether or not anybody asks for the health.
        builder.Services.AddSingleton<IHealthCheckPublisher, HealthReporter>();
        builder.Services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Delay = TimeSpan.FromSeconds(5);
            options.Period = TimeSpan.FromSeconds(10);
        });
        return builder;
    }

    public static bool IsHealthPath(PathString path) =>
        path.StartsWithSegments(Path, StringComparison.Ordinal) || path.StartsWithSegments(AlivePath, StringComparison.Ordinal);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        Map([Path, ReadyPath], _ => true);
        Map([LivePath, AlivePath], check => check.Tags.Contains(LiveTag));
        Map([StartupPath], check => check.Tags.Contains(StartupTag));
        endpoints.MapGrpcHealthChecksService();

        void Map(string[] paths, Func<HealthCheckRegistration, bool> checks)
        {
            foreach (var path in paths)
            {
                endpoints.MapHealthChecks(path, new HealthCheckOptions { Predicate = checks, ResponseWriter = WriteAsync });
            }
        }
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new { status = entry.Value.Status.ToString(), description = entry.Value.Description }),
        });
}
