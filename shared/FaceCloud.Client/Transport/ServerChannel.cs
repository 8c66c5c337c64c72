using System.Net.Sockets;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace FaceCloud.Client.Transport;

/// <summary>One server: its channel, deadlines, and errors in the words of <see cref="FaceCloudException"/>.</summary>
internal sealed class ServerChannel : IDisposable
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    // Photos may be repeated too; what gRPC keeps for a repeat must hold a few of the largest.
    private const int RepeatablePhotos = 4;

    private readonly GrpcChannel _channel;
    private readonly FaceCloudClientOptions _options;

    public ServerChannel(Uri server, FaceCloudClientOptions options)
    {
        Server = server;
        _options = options;
        _channel = GrpcChannel.ForAddress(server, ChannelOptions(server, options));
        Invoker = _channel.CreateCallInvoker();
    }

    public Uri Server { get; }

    public CallInvoker Invoker { get; }

    public CallOptions Within(TimeSpan deadline, CancellationToken cancellationToken) =>
        new(deadline: _options.Time.GetUtcNow().UtcDateTime + deadline, cancellationToken: cancellationToken);

    public async Task<TResponse> AnswerAsync<TResponse>(AsyncUnaryCall<TResponse> call, CancellationToken cancellationToken)
    {
        using (call)
        {
            try
            {
                return await call.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException exception)
            {
                throw Translate(exception, cancellationToken);
            }
        }
    }

    /// <summary>The exception that the caller sees; a cancelled token stays a cancellation.</summary>
    public Exception Translate(RpcException exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException("The call was cancelled.", exception, cancellationToken);
        }

        if (exception.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>() is { Reason.Length: > 0 } info)
        {
            return new FaceCloudException(exception.StatusCode, info.Reason, exception.Status.Detail, exception);
        }

        if (exception.StatusCode == StatusCode.Unavailable || exception.Status.DebugException is HttpRequestException or SocketException or IOException)
        {
            return new FaceCloudException(
                StatusCode.Unavailable,
                FailureReasons.Unreachable,
                $"No FaceCloud server answers at {Server}. Start one, or give its gRPC address (Standalone's is {FaceCloudClientOptions.DefaultServer}).",
                exception);
        }

        return exception.StatusCode switch
        {
            StatusCode.DeadlineExceeded => new FaceCloudException(
                StatusCode.DeadlineExceeded, FailureReasons.DeadlineExceeded, $"The server at {Server} did not answer in time.", exception),
            StatusCode.Unimplemented => new FaceCloudException(
                StatusCode.Unimplemented, "UNIMPLEMENTED", $"The server at {Server} does not offer this call; is it the address of the right service?", exception),
            _ => new FaceCloudException(exception.StatusCode, Capitals(exception.StatusCode), exception.Status.Detail, exception),
        };
    }

    public void Dispose() => _channel.Dispose();

    private static GrpcChannelOptions ChannelOptions(Uri server, FaceCloudClientOptions options)
    {
        var channel = new GrpcChannelOptions
        {
            HttpHandler = options.Transport,
            LoggerFactory = options.LoggerFactory,
            MaxReceiveMessageSize = options.MaxMessageBytes,
            MaxSendMessageSize = options.MaxMessageBytes,
            MaxRetryBufferPerCallSize = options.MaxMessageBytes,
            MaxRetryBufferSize = (long)options.MaxMessageBytes * RepeatablePhotos,
            ServiceConfig = Retries(options),
        };
        if (options.Credentials is null)
        {
            return channel;
        }

        var encrypted = server.Scheme == Uri.UriSchemeHttps;
        if (!encrypted && !server.IsLoopback)
        {
            throw new ArgumentException($"Credentials would cross the network to {server} in clear text; use an https address.", nameof(options));
        }

        channel.Credentials = ChannelCredentials.Create(encrypted ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure, options.Credentials);
        channel.UnsafeUseInsecureChannelCallCredentials = !encrypted;
        return channel;
    }

    private static ServiceConfig? Retries(FaceCloudClientOptions options)
    {
        if (options.MaxAttempts == 1)
        {
            return null;
        }

        return new ServiceConfig
        {
            MethodConfigs =
            {
                new MethodConfig
                {
                    Names = { MethodName.Default },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = options.MaxAttempts,
                        InitialBackoff = options.RetryDelay,
                        MaxBackoff = MaxRetryDelay,
                        BackoffMultiplier = 2,
                        RetryableStatusCodes = { StatusCode.Unavailable },
                    },
                },

                // Streams of the caller's: gRPC would keep a second copy of all that was sent. The uploader repeats whole batches itself.
                new MethodConfig
                {
                    Names =
                    {
                        Name(Protos.Ingestion.V1.IngestionService.Descriptor, "Upload"),
                        Name(Protos.Gallery.V1.BackupService.Descriptor, "Import"),
                        Name(Protos.Gallery.V1.FrameService.Descriptor, "IdentifyStream"),
                    },
                },
            },
        };
    }

    private static MethodName Name(ServiceDescriptor service, string method) =>
        new() { Service = service.FullName, Method = service.FindMethodByName(method).Name };

    private static string Capitals(StatusCode status) =>
        string.Concat(status.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
