using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceCloud.ServiceDefaults.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FaceCloud.ServiceDefaults;

/// <summary>
/// Traces, metrics and logs over OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set, and metrics for Prometheus always.
/// What may stand in them: decision 9. No photo, embedding, key or person's id, name or metadata.
/// </summary>
public static class Telemetry
{
    /// <summary>Every source and meter of ours begins with this.</summary>
    public const string Prefix = "FaceCloud.";

    public const string Name = "FaceCloud.ServiceDefaults";

    /// <summary>Where Prometheus reads the metrics, on the HTTP port.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>From a message's sending to its consumer.</summary>
    public const string QueueWaitSpan = "queue wait";

    public const string QueueTag = "messaging.destination.name";

    /// <summary>Wire name of the failure reason, on spans and metrics of calls.</summary>
    public const string ErrorTag = "error.type";

    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string NameSetting = "OTEL_SERVICE_NAME";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> QueueWaits = Meter.CreateHistogram(
        "facecloud.queue.wait.duration",
        "s",
        "Time of a message from its sending to its consumer, gathering of a batch included.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600] });

    private static readonly Histogram<double> Calls = Meter.CreateHistogram(
        "rpc.server.call.duration",
        "s",
        "Time of a call, over gRPC or HTTP/JSON.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });

    internal static ActivitySource Source { get; } = new(Name);

    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        QuietLogs(builder.Services);
        PassOnTraceOnly(builder.Services);

        var service = builder.Configuration[NameSetting] is { Length: > 0 } given ? given : builder.Environment.ApplicationName.ToLowerInvariant().Replace('.', '-');
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(Prefix + "*")
                .AddPrometheusExporter());

        // Without a receiver spans and log records would be made for nobody.
        if (!string.IsNullOrWhiteSpace(builder.Configuration[EndpointSetting]))
        {
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeFormattedMessage = true;

                // The host's scope of a request holds its path, and with it ids of persons.
                logging.IncludeScopes = false;
            });
            telemetry
                .WithTracing(tracing => tracing
                    .AddAspNetCoreInstrumentation(options =>
                    {
                        options.Filter = Requests.IsWorthATrace;
                        options.EnrichWithHttpResponse = Requests.Describe;
                    })
                    .AddHttpClientInstrumentation(options => options.EnrichWithHttpRequestMessage = Requests.Describe)
                    // A gRPC client makes a span whether or not anybody takes it, and that is the parent of the request's.
                    .AddSource(Prefix + "*", "MassTransit", "Grpc.Net.Client"))
                .UseOtlpExporter();
        }

        return builder;
    }

    /// <summary>Metrics for Prometheus.</summary>
    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(MetricsPath);

    internal static void RecordQueueWait(string queue, TimeSpan duration) =>
        QueueWaits.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(QueueTag, queue));

    internal static void RecordCall(string method, string status, string? failure, TimeSpan duration)
    {
        var tags = new TagList { { "rpc.system.name", "grpc" }, { "rpc.method", method }, { "rpc.response.status_code", status } };
        if (failure is not null)
        {
            tags.Add(ErrorTag, failure);
        }

        Calls.Record(duration.TotalSeconds, tags);
    }

    // What would drown that which an operator reads: each statement and request, and a page of stack for every try to reach a broker
    // or database that is away (HealthReporter says once that it is). Before the rules that come of the
    // settings: of two rules for one category the later wins, so a setting overrules these, which a filter after them would not let it.
    private static void QuietLogs(IServiceCollection services)
    {
        (string Category, LogLevel Level)[] quiet =
        [
            ("Microsoft.AspNetCore", LogLevel.Warning),

            // What fails is thrown, and logged by whoever takes it; here also what is expected to fail, such as the first look at a new schema.
            ("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical),
            ("Microsoft.EntityFrameworkCore.Database.Connection", LogLevel.Critical),
            ("Microsoft.EntityFrameworkCore.Migrations", LogLevel.Warning),
            ("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical),
            ("MassTransit", LogLevel.Error),
            ("System.Net.Http.HttpClient", LogLevel.Warning),

            // Says the sentence of every refused call, which may name the person that was asked for.
            ("Grpc", LogLevel.Warning),
            ("Polly", LogLevel.Warning),
        ];
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<LoggerFilterOptions>>(new ConfigureOptions<LoggerFilterOptions>(options =>
        {
            foreach (var (category, level) in quiet)
            {
                options.Rules.Add(new LoggerFilterRule(providerName: null, category, level, filter: null));
            }
        })));
    }

    private static void PassOnTraceOnly(IServiceCollection services)
    {
        var propagator = new TraceContextOnly();
        DistributedContextPropagator.Current = propagator;
        services.Replace(ServiceDescriptor.Singleton<DistributedContextPropagator>(propagator));
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
    }
}
