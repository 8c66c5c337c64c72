using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceCloud.ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_CategoryThatIsQuietByDefault_ASettingRaisesIt()
    {
        await using var quiet = await DefaultsHost.StartAsync();
        await using var raised = await DefaultsHost.StartAsync(args: "--Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command=Information");
        const string category = "Microsoft.EntityFrameworkCore.Database.Command";

        Assert.False(quiet.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Information));
        Assert.True(raised.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Information));
    }

    [Fact]
    public async Task Request_WithTraceAndBaggage_OnlyTheTraceIsTakenAndPassedOn()
    {
        await using var host = await DefaultsHost.StartAsync(map: app =>
        {
            app.MapGet("/inner", (HttpRequest request) => string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}")));
            app.MapGet("/outer", async (HttpRequest request, IHttpClientFactory clients) =>
            {
                Activity.Current?.SetBaggage("own", "planted");
                var inner = await clients.CreateClient().GetStringAsync($"http://{request.Host}/inner");
                return $"{inner}\ntaken: {string.Join(',', Activity.Current?.Baggage.Where(item => item.Key != "own").Select(item => item.Key) ?? [])}";
            });
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/outer");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("baggage", "person=planted");
        request.Headers.Add("Correlation-Context", "person=planted");

        using var response = await host.Http.SendAsync(request, Cancelled);
        var passed = await response.Content.ReadAsStringAsync(Cancelled);

        Assert.Contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-", passed, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", passed, StringComparison.Ordinal);
        Assert.EndsWith("taken: ", passed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AnsweredAndRefused_MeasuredWithStatusAndReason()
    {
        await using var host = await DefaultsHost.StartAsync();

        await host.Client.GetModelAsync(new(), cancellationToken: Cancelled);
        await Assert.ThrowsAsync<RpcException>(async () => await host.Client.EmbedAsync(new(), cancellationToken: Cancelled));

        var metrics = await host.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled);
        AssertCounted("rpc_method=\"facecloud.encoder.v1.EncoderService/GetModel\"", "rpc_response_status_code=\"OK\"");
        AssertCounted("rpc_method=\"facecloud.encoder.v1.EncoderService/Embed\"", "rpc_response_status_code=\"RESOURCE_EXHAUSTED\"", "error_type=\"ENCODER_BUSY\"");
        // ASP.NET Core's own measures are one for the process, and other tests ask for health meanwhile.
        Assert.DoesNotContain(metrics.Split('\n'), line => line.StartsWith("rpc_", StringComparison.Ordinal) && line.Contains("grpc.health", StringComparison.Ordinal));

        void AssertCounted(params string[] labels) => Assert.Contains(
            metrics.Split('\n').Where(line => line.StartsWith("rpc_server_call_duration_seconds_count{", StringComparison.Ordinal)),
            line => labels.All(label => line.Contains(label, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Call_WhileTheStartGoesOn_UnavailableWithWhatIsAwaited()
    {
        await using var host = await DefaultsHost.StartAsync();
        host.Steps.Begin("store any");

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.GetModelAsync(new(), cancellationToken: Cancelled));
        host.Steps.End("store any");
        var model = await host.Client.GetModelAsync(new(), cancellationToken: Cancelled);

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Contains("store any", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("any", model.Name);
    }
}
