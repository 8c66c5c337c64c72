using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Ingestion.Tests.Photos;

/// <summary>
/// A small S3: buckets in paths, PUT, GET, DELETE and ListObjectsV2 in pages, every request's signature (AWS Signature Version 4)
/// and body hash checked as the documents of the protocol say.
/// </summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    public const string AccessKey = "test-key";
    public const string SecretKey = "test-secret";

    private readonly WebApplication _app;
    private readonly string _bucket;

    private FakeS3(WebApplication app, string bucket) => (_app, _bucket) = (app, bucket);

    public string Endpoint => _app.Urls.First();

    public ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset SavedAt)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Objects of one page of a listing.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Every request is answered with this, if it is set.</summary>
    public HttpStatusCode? Trouble { get; set; }

    public int Requests { get; private set; }

    public static async Task<FakeS3> StartAsync(string bucket = "bucket")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var server = new FakeS3(app, bucket);
        app.Run(server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        Requests++;
        var (request, response) = (context.Request, context.Response);
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        if (Trouble is { } trouble)
        {
            response.StatusCode = (int)trouble;
            return;
        }

        if (!IsSigned(request, body))
        {
            await ErrorAsync(response, HttpStatusCode.Forbidden, "SignatureDoesNotMatch");
            return;
        }

        var path = request.Path.Value!.TrimStart('/').Split('/', 2);
        if (path[0] != _bucket)
        {
            await ErrorAsync(response, HttpStatusCode.NotFound, "NoSuchBucket");
            return;
        }

        var key = path.Length > 1 ? path[1] : "";
        switch (request.Method)
        {
            case "GET" when key.Length == 0:
                await ListAsync(request, response);
                return;
            case "GET" when Objects.TryGetValue(key, out var found):
                response.ContentType = "application/octet-stream";
                response.ContentLength = found.Bytes.Length;
                response.Headers.ETag = ETag(found.Bytes);
                response.Headers.LastModified = found.SavedAt.ToString("R", CultureInfo.InvariantCulture);
                await response.Body.WriteAsync(found.Bytes, context.RequestAborted);
                return;
            case "GET":
                await ErrorAsync(response, HttpStatusCode.NotFound, "NoSuchKey");
                return;
            case "PUT":
                Objects[key] = (body, TimeProvider.System.GetUtcNow());
                response.Headers.ETag = ETag(body);
                return;
            case "DELETE":
                Objects.TryRemove(key, out _);
                response.StatusCode = StatusCodes.Status204NoContent;
                return;
            default:
                await ErrorAsync(response, HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
                return;
        }
    }

    private Task ListAsync(HttpRequest request, HttpResponse response)
    {
        XNamespace ns = "http://s3.amazonaws.com/doc/2006-03-01/";
        var prefix = request.Query["prefix"].ToString();
        var after = request.Query["continuation-token"].ToString();
        var keys = Objects.Keys
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var page = keys.Take(PageSize).ToArray();
        var isTruncated = keys.Length > page.Length;
        var result = new XElement(
            ns + "ListBucketResult",
            new XElement(ns + "Name", _bucket),
            new XElement(ns + "Prefix", prefix),
            new XElement(ns + "KeyCount", page.Length),
            new XElement(ns + "IsTruncated", isTruncated),
            isTruncated ? new XElement(ns + "NextContinuationToken", page[^1]) : null,
            page.Select(key => new XElement(
                ns + "Contents",
                new XElement(ns + "Key", key),
                new XElement(ns + "LastModified", Objects[key].SavedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
                new XElement(ns + "Size", Objects[key].Bytes.Length))));
        response.ContentType = "application/xml";
        return response.WriteAsync(result.ToString());
    }

    // With a hyphen, as of an object in parts: without one, clients take it for an MD5 of the content.
    private static string ETag(byte[] bytes) => $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}-1\"";

    private static Task ErrorAsync(HttpResponse response, HttpStatusCode status, string code)
    {
        response.StatusCode = (int)status;
        response.ContentType = "application/xml";
        return response.WriteAsync(new XElement("Error", new XElement("Code", code), new XElement("Message", code)).ToString());
    }

    private static bool IsSigned(HttpRequest request, byte[] body)
    {
        // AWS4-HMAC-SHA256 Credential=key/date/region/service/aws4_request, SignedHeaders=a;b, Signature=hex
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
        {
            return false;
        }

        var parts = authorization["AWS4-HMAC-SHA256 ".Length..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .ToDictionary(part => part[0], part => part[1]);
        var credential = parts["Credential"].Split('/');
        var bodyHash = request.Headers["x-amz-content-sha256"].ToString();
        if (credential[0] != AccessKey || bodyHash != Convert.ToHexStringLower(SHA256.HashData(body)))
        {
            return false;
        }

        var signed = parts["SignedHeaders"].Split(';');
        var query = request.Query
            .SelectMany(pair => pair.Value, (pair, value) => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}")
            .Order(StringComparer.Ordinal);
        var canonical = string.Join(
            '\n',
            [
                request.Method,
                string.Join('/', request.Path.Value!.Split('/').Select(Uri.EscapeDataString)),
                string.Join('&', query),
                .. signed.Select(name => $"{name}:{request.Headers[name].ToString().Trim()}"),
                "",
                parts["SignedHeaders"],
                bodyHash,
            ]);
        var scope = string.Join('/', credential[1..]);
        var toSign = $"AWS4-HMAC-SHA256\n{request.Headers["x-amz-date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = credential[1..].Aggregate(Encoding.UTF8.GetBytes("AWS4" + SecretKey), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        return parts["Signature"] == Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }
}
