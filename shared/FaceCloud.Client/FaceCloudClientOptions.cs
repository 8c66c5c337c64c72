using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Client;

/// <summary>Where the server is and how patient the client is. Every value has a usable default.</summary>
public sealed record FaceCloudClientOptions
{
    /// <summary>Environment variable with the gRPC address of the server (of Gallery, where the services run apart).</summary>
    public const string ServerVariable = "FACECLOUD_SERVER";

    /// <summary>Environment variable with the gRPC address of Ingestion, where it is another one.</summary>
    public const string IngestionServerVariable = "FACECLOUD_INGESTION_SERVER";

    /// <summary>Standalone's gRPC port on this machine, and Gallery's.</summary>
    public const string DefaultServer = "http://localhost:8081";

    /// <summary>gRPC address of Gallery or Standalone; default: <c>FACECLOUD_SERVER</c>, else http://localhost:8081.</summary>
    public Uri Server { get; init; } = FromEnvironment(ServerVariable) ?? new Uri(DefaultServer);

    /// <summary>gRPC address of Ingestion, for jobs; default: <c>FACECLOUD_INGESTION_SERVER</c>, else <see cref="Server"/>.</summary>
    public Uri? IngestionServer { get; init; } = FromEnvironment(IngestionServerVariable);

    /// <summary>Deadline of a call without a photo, retries included; default 5 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Deadline of a call with a photo, retries included; default 15 s.</summary>
    public TimeSpan PhotoDeadline { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Deadline of one batch of an upload (up to 64 photos or 32 MB), without its repeats; default 2 min.</summary>
    public TimeSpan UploadDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Deadline of a call that looks at many faces (GroupAsync, ExamineAsync); default 10 min.</summary>
    public TimeSpan LongDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest message either way, bytes; default 64 MiB, as the server's. The server's limit for a photo is 20 MB.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Attempts at a call that ends UNAVAILABLE, the first included: 1..5; default 4. Every call of FaceCloud may be repeated.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Wait before the second attempt, doubled at each further one, up to 2 s, shortened at random; default 200 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Sent with every call, for example a bearer token. Refused for an address in clear text, unless it is this machine:
    /// a key must not cross a network unencrypted.
    /// </summary>
    public CallCredentials? Credentials { get; init; }

    /// <summary>Transport to use in place of the default one; for certificates, proxies and tests. Not disposed by the client.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Receives the transport's own log; default: nothing is logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Clock of deadlines and waits; default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads an address as a user types it.</summary>
    /// <exception cref="FormatException">Not an absolute http or https address.</exception>
    public static Uri ParseServer(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0
            ? uri
            : throw new FormatException($"'{address}' is not a server address; give one such as {DefaultServer}.");

    private static Uri? FromEnvironment(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address ? ParseServer(address) : null;
}
