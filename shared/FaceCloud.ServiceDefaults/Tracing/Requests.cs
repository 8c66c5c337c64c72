using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceCloud.ServiceDefaults.Tracing;

/// <summary>What spans of HTTP requests say. Paths and queries hold ids that clients chose; the route says as much to an operator.</summary>
internal static class Requests
{
    private const string Path = "url.path";
    private const string Query = "url.query";
    private const string GrpcContent = "application/grpc";

    /// <summary>Health, scraping and reflection would be most of all traces and tell nothing.</summary>
    public static bool IsWorthATrace(HttpContext context) =>
        !Health.IsHealthPath(context.Request.Path)
        && !context.Request.Path.StartsWithSegments(Telemetry.MetricsPath, StringComparison.Ordinal)
        && !IsOfInfrastructure(context.Request.Path);

    /// <summary>gRPC's own services: health and reflection.</summary>
    public static bool IsOfInfrastructure(string? path) => path?.StartsWith("/grpc.", StringComparison.Ordinal) == true;

    public static void Describe(Activity span, HttpResponse response)
    {
        var route = (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.SetTag(Path, route);
        span.SetTag(Query, null);
    }

    /// <summary>"POST" alone says little in a list of spans.</summary>
    public static void Describe(Activity span, HttpRequestMessage request)
    {
        if (request.Content?.Headers.ContentType?.MediaType == GrpcContent && request.RequestUri is { } uri)
        {
            span.DisplayName = uri.AbsolutePath.TrimStart('/');
            span.SetTag("rpc.system.name", "grpc").SetTag("rpc.method", span.DisplayName);
        }
    }
}
