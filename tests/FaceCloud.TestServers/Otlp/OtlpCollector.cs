using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using FaceCloud.TestServers.Otlp.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FaceCloud.TestServers.Otlp;

/// <summary>
/// Takes what services export over OTLP/gRPC, and keeps it as it came. A unary gRPC call is five bytes of frame around one message,
/// so no stubs are needed.
/// </summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private const int FrameBytes = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _traces = new();
    private readonly ConcurrentQueue<byte[]> _metrics = new();
    private readonly ConcurrentQueue<byte[]> _logs = new();
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What a service needs to export to here, soon after it happened.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    public IReadOnlyList<CollectedSpan> Spans => [.. _spans];

    /// <summary>Everything as bytes, by what it is.</summary>
    public IEnumerable<(string Signal, byte[] Bytes)> Exports =>
        [.. _traces.Select(bytes => ("trace", bytes)), .. _metrics.Select(bytes => ("metric", bytes)), .. _logs.Select(bytes => ("log", bytes))];

    /// <summary>Log lines as people read them.</summary>
    public IEnumerable<string> LogLines => _logs
        .SelectMany(bytes => LogExport.Parser.ParseFrom(bytes).ResourceLogs)
        .SelectMany(resource => resource.ScopeLogs)
        .SelectMany(scope => scope.LogRecords)
        .Select(record => record.Body?.StringValue ?? "");

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var collector = new OtlpCollector(builder.Build());
        collector.Map("trace", "TraceService", bytes =>
        {
            collector._traces.Enqueue(bytes);
            foreach (var span in CollectedSpan.Read(bytes))
            {
                collector._spans.Enqueue(span);
            }
        });
        collector.Map("metrics", "MetricsService", collector._metrics.Enqueue);
        collector.Map("logs", "LogsService", collector._logs.Enqueue);
        await collector._app.StartAsync(cancellationToken);
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Map(string signal, string service, Action<byte[]> take) =>
        _app.MapPost($"/opentelemetry.proto.collector.{signal}.v1.{service}/Export", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var frame = body.ToArray();
            if (frame.Length < FrameBytes || frame[0] != 0 || BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1)) != frame.Length - FrameBytes)
            {
                throw new InvalidDataException($"A {signal} export of {frame.Length} bytes that is not one plain gRPC message.");
            }

            take(frame[FrameBytes..]);
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[FrameBytes], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        });
}
