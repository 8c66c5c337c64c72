using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace FaceCloud.ServiceDefaults;

/// <summary>Says what changed in the health, once and not at every look; and keeps the figures for alerts.</summary>
internal sealed class HealthReporter : IHealthCheckPublisher, IDisposable
{
    private readonly ConcurrentDictionary<string, HealthStatus> _known = new(StringComparer.Ordinal);
    private readonly Meter _meter;
    private readonly ILogger<HealthReporter> _logger;

    public HealthReporter(IMeterFactory meters, ILogger<HealthReporter> logger)
    {
        _logger = logger;
        _meter = meters.Create(Telemetry.Name);
        _meter.CreateObservableGauge(
            "facecloud.health.status",
            () => _known.Select(check => new Measurement<double>(FigureOf(check.Value), new KeyValuePair<string, object?>("facecloud.health.check", check.Key))),
            description: "Health by check: 1 healthy, 0.5 degraded, 0 unhealthy.");
    }

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (check, entry) in report.Entries)
        {
            var before = _known.GetValueOrDefault(check, HealthStatus.Healthy);
            _known[check] = entry.Status;
            if (entry.Status == before || entry.Tags.Contains(Health.QuietTag))
            {
                continue;
            }

            if (entry.Status == HealthStatus.Healthy)
            {
                Log.HealthRestored(_logger, check);
            }
            else
            {
                Log.HealthChanged(_logger, check, entry.Status, Reason(entry));
            }
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();

    // The innermost failure says what is the matter: connection refused, no such host.
    private static string Reason(HealthReportEntry entry)
    {
        var cause = entry.Exception?.GetBaseException().Message;
        return string.Join(": ", new[] { entry.Description, cause }.OfType<string>().Distinct());
    }

    private static double FigureOf(HealthStatus status) => (int)status / (double)HealthStatus.Healthy;
}
