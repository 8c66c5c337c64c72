using System.Net;
using System.Net.Sockets;
using FaceCloud.Contracts.Failures;
using FaceCloud.Vision;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.References;

/// <summary>
/// Photos at http and https addresses. The address that is connected to is the one that was looked at, so a name that answers
/// differently the second time gains nothing; no proxy, no cookies, no redirects.
/// </summary>
public sealed class UrlPhotos : IDisposable
{
    private const int LongestUrl = 2048;

    private readonly ReferenceOptions _options;
    private readonly long _most;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public UrlPhotos(IOptions<ReferenceOptions> options, IOptions<VisionOptions> vision, TimeProvider time)
    {
        (_options, _most, _time) = (options.Value, vision.Value.MaxPhotoBytes, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <exception cref="FailureException">ReferenceNotAllowed, ReferenceUnreadable, PhotoNotFound, PhotoTooLarge.</exception>
    public async Task<byte[]> ReadAsync(string url, CancellationToken cancellationToken)
    {
        if (!_options.Urls)
        {
            throw ReferenceFailures.Off("address", "Ingestion:References:Urls");
        }

        using var timeout = new CancellationTokenSource(_options.UrlTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.GetAsync(Parse(url), HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            {
                throw ReferenceFailures.NotFound("There is no photo at the address.");
            }

            if (!response.IsSuccessStatusCode)
            {
                throw ReferenceFailures.Unreadable($"The address answers with status {(int)response.StatusCode}.");
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await LimitedBody.ReadAsync(body, response.Content.Headers.ContentLength, _most, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ReferenceFailures.Unreadable($"The address did not give the whole photo within {_options.UrlTimeout.TotalSeconds:0.#} s.");
        }
        catch (HttpRequestException exception) when (exception.InnerException is FailureException failure)
        {
            throw failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw ReferenceFailures.Unreadable("The address does not answer.", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri Parse(string url) =>
        url.Length <= LongestUrl
        && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0
            ? uri
            : throw ReferenceFailures.NotAllowed($"An address must be http or https, without a password, and have at most {LongestUrl} characters.");

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = _options.PrivateUrls ? addresses : [.. addresses.Where(PublicAddresses.Contains)];
        if (allowed.Length == 0)
        {
            throw ReferenceFailures.NotAllowed("The address is not of the public internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
