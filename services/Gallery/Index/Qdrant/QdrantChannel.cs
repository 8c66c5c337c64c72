using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>The connection: address, trust, message sizes, retries with growing pauses; key, deadline and failures by <see cref="QdrantInterceptor"/>.</summary>
internal sealed class QdrantChannel : IDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    private readonly GrpcChannel _channel;

    public QdrantChannel(IOptions<QdrantOptions> options, TimeProvider time, ILogger<QdrantChannel> logger)
    {
        var settings = options.Value;
        var endpoint = settings.Endpoint ?? throw new InvalidOperationException("Qdrant:Endpoint is not set.");
        if (settings.ApiKey is { Length: > 0 } && endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback)
        {
            Log.KeyInClearText(logger, endpoint);
        }

        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpHandler = Handler(settings),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = settings.MaxMessageBytes,
            MaxSendMessageSize = settings.MaxMessageBytes,
            MaxRetryBufferPerCallSize = settings.MaxMessageBytes,
            MaxRetryBufferSize = 4L * settings.MaxMessageBytes,
            ServiceConfig = Retries(settings),

            // A server that is back is used at once, not after the two minutes to which pauses grow otherwise.
            InitialReconnectBackoff = settings.RetryPause,
            MaxReconnectBackoff = settings.RetryPause > MaxPause ? settings.RetryPause : MaxPause,
        });
        Invoker = _channel.Intercept(new QdrantInterceptor(options, time, logger));
    }

    public CallInvoker Invoker { get; }

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler Handler(QdrantOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = KeepAlive,
            KeepAlivePingTimeout = KeepAlive,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        if (options.CaFile is { Length: > 0 } file)
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(file);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(trusted);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    // Every call of ours may be repeated: points are replaced by id, and what is gone is gone.
    private static ServiceConfig? Retries(QdrantOptions options) => options.MaxAttempts == 1 ? null : new ServiceConfig
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = options.MaxAttempts,
                    InitialBackoff = options.RetryPause,
                    MaxBackoff = options.RetryPause > MaxPause ? options.RetryPause : MaxPause,
                    BackoffMultiplier = 2,
                    RetryableStatusCodes = { StatusCode.Unavailable, StatusCode.ResourceExhausted },
                },
            },
        },
    };
}
