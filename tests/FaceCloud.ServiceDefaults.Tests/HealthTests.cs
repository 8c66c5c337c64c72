using System.Net;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Serving = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FaceCloud.ServiceDefaults.Tests;

public sealed class HealthTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health/live", true)]
    [InlineData("/alive", true)]
    [InlineData("/health/startup", true)]
    [InlineData("/health/ready", false)]
    [InlineData("/health", false)]
    public async Task Get_AnyCheckUnhealthy_OnlyReadinessIsLost(string path, bool ok)
    {
        await using var host = await DefaultsHost.StartAsync(builder => builder.Services.AddHealthChecks().AddCheck("broken", () => HealthCheckResult.Unhealthy("It broke.")));

        using var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal(ok ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(!ok, (await response.Content.ReadAsStringAsync(Cancelled)).Contains("It broke.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_DegradedCheck_StaysReadyAndSaysIt()
    {
        await using var host = await DefaultsHost.StartAsync(builder => builder.Services.AddHealthChecks().AddCheck("slow", () => HealthCheckResult.Degraded("It is slow.")));

        using var response = await host.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("It is slow.", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("live", Serving.Serving)]
    [InlineData("startup", Serving.NotServing)]
    [InlineData("ready", Serving.NotServing)]
    [InlineData("", Serving.NotServing)]
    public async Task CheckOverGrpc_StepOfTheStartOpen_AliveButNothingElse(string service, Serving expected)
    {
        await using var host = await DefaultsHost.StartAsync();
        host.Steps.Begin("store any");
        var health = new global::Grpc.Health.V1.Health.HealthClient(host.Channel);

        var before = await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Cancelled);
        host.Steps.End("store any");
        var after = await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Cancelled);

        Assert.Equal((expected, Serving.Serving), (before.Status, after.Status));
    }

    [Fact]
    public async Task Report_CheckThatFailsAndHeals_OneLineAChangeAndAFigure()
    {
        await using var host = await DefaultsHost.StartAsync(builder => builder.Services.Configure<HealthCheckPublisherOptions>(options => options.Delay = TimeSpan.FromHours(1)));
        var reporter = host.Services.GetServices<IHealthCheckPublisher>().OfType<HealthReporter>().Single();

        foreach (var status in new[] { HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Unhealthy, HealthStatus.Degraded, HealthStatus.Healthy, HealthStatus.Healthy })
        {
            await reporter.PublishAsync(ReportOf(status), Cancelled);
        }

        Assert.Equal(
            [
                "Health: disk is Unhealthy, waiting for it: No photo can be stored.: No space left on device",
                "Health: disk is Degraded, waiting for it: No photo can be stored.: No space left on device",
                "Health: disk is Healthy again",
            ],
            host.Lines.Where(line => line.StartsWith("Health: disk", StringComparison.Ordinal)));
        var metrics = await host.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled);
        Assert.Matches("""facecloud_health_status\{[^}]*facecloud_health_check="disk"[^}]*\} 1""", metrics);
    }

    private static HealthReport ReportOf(HealthStatus status)
    {
        var failure = status == HealthStatus.Healthy ? null : new IOException("outer", new IOException("No space left on device"));
        var entry = new HealthReportEntry(status, failure is null ? null : "No photo can be stored.", TimeSpan.Zero, failure, data: null);
        return new HealthReport(new Dictionary<string, HealthReportEntry> { ["disk"] = entry }, TimeSpan.Zero);
    }
}
