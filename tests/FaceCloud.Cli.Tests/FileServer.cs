using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace FaceCloud.Cli.Tests;

/// <summary>Serves one file at /models/NAME, as well or as badly as a test wants it.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileServer(WebApplication app) => _app = app;

    public byte[] Content { get; set; } = [];

    public string? ETag { get; set; } = "\"first\"";

    public DateTimeOffset? LastModified { get; set; }

    public string ContentType { get; set; } = "application/octet-stream";

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public string? RedirectTo { get; set; }

    /// <summary>Bytes after which a request is cut, one number a request, then none.</summary>
    public ConcurrentQueue<int> Cuts { get; } = new();

    /// <summary>The Range headers of the requests so far; empty where there was none.</summary>
    public ConcurrentQueue<string> Ranges { get; } = new();

    public Uri Url(string name) => new($"{_app.Urls.First()}/models/{name}");

    public static async Task<FileServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var server = new FileServer(app);
        app.MapGet("/models/{name}", server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        Ranges.Enqueue(request.Headers.Range.ToString());
        if (RedirectTo is not null)
        {
            response.Redirect(RedirectTo);
            return;
        }

        if (Status != HttpStatusCode.OK)
        {
            response.StatusCode = (int)Status;
            return;
        }

        response.ContentType = ContentType;
        response.Headers.ETag = ETag;
        response.Headers.LastModified = LastModified?.ToString("R", CultureInfo.InvariantCulture);
        var start = 0;
        var condition = request.Headers.IfRange.ToString();
        if (RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)
            && (condition.Length == 0 || condition == ETag || condition == response.Headers.LastModified))
        {
            start = (int)range.Ranges.Single().From!.Value;
            if (start >= Content.Length)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{Content.Length}";
                return;
            }

            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {start}-{Content.Length - 1}/{Content.Length}";
        }

        response.ContentLength = Content.Length - start;
        if (!Cuts.TryDequeue(out var cut))
        {
            await response.Body.WriteAsync(Content.AsMemory(start), context.RequestAborted);
            return;
        }

        // Fewer bytes than promised: Kestrel sends them and closes the connection. (Abort would also take back what was sent.)
        await response.Body.WriteAsync(Content.AsMemory(start, cut), context.RequestAborted);
    }
}
