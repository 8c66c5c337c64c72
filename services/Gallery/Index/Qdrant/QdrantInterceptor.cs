using System.Security.Authentication;
using FaceCloud.Contracts.Failures;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>Adds key and deadline to every call, and makes its failures ours. Nothing of the key stands in any of them.</summary>
internal sealed class QdrantInterceptor(IOptions<QdrantOptions> options, TimeProvider time, ILogger logger) : Interceptor
{
    private const string KeyHeader = "api-key";

    // Those that change something wait until it is done.
    private static readonly string[] Writes = ["Create", "Delete", "UpdateAliases", "Upsert", "CreateFieldIndex"];

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var settings = options.Value;
        var headers = new Metadata();
        if (settings.ApiKey is { Length: > 0 } key)
        {
            headers.Add(KeyHeader, key);
        }

        var within = Writes.Contains(context.Method.Name) ? settings.WriteTimeout : settings.ReadTimeout;
        var call = continuation(
            request,
            new ClientInterceptorContext<TRequest, TResponse>(
                context.Method, context.Host, context.Options.WithHeaders(headers).WithDeadline(time.GetUtcNow().UtcDateTime + within)));
        return new AsyncUnaryCall<TResponse>(
            AnswerAsync(call.ResponseAsync, context.Method.FullName, within, context.Options.CancellationToken),
            call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <summary>The failure says that there is no such collection.</summary>
    public static bool IsMissing(FailureException exception) => exception.InnerException is RpcException { StatusCode: StatusCode.NotFound };

    public static bool IsThere(FailureException exception) => exception.InnerException is RpcException { StatusCode: StatusCode.AlreadyExists };

    private async Task<TResponse> AnswerAsync<TResponse>(Task<TResponse> response, string method, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            return await response;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call was cancelled while the index worked.", exception, cancellationToken);
        }
        catch (RpcException exception)
        {
            var failure = Failure(exception, within);
            if (failure.Reason == FailureReason.Internal)
            {
                Log.IndexFailed(logger, method, exception);
            }

            throw failure;
        }
    }

    private FailureException Failure(RpcException exception, TimeSpan within) => exception.StatusCode switch
    {
        _ when IsUntrusted(exception.Status.DebugException) => new FailureException(
            FailureReason.IndexUnavailable,
            $"The certificate of the vector index (Qdrant) at {options.Value.Endpoint} is not trusted; whoever runs this server must name its CA in Qdrant:CaFile.",
            exception),
        StatusCode.DeadlineExceeded => new FailureException(
            FailureReason.IndexUnavailable, $"The vector index (Qdrant) did not answer within {within.TotalSeconds:0.###} s; try again in a few seconds.", exception),
        StatusCode.ResourceExhausted => new FailureException(
            FailureReason.IndexUnavailable, "The vector index (Qdrant) takes no more calls now; try again in a few seconds.", exception),
        StatusCode.Unauthenticated => new FailureException(
            FailureReason.IndexRefused, "The vector index (Qdrant) does not accept this server's key; whoever runs it must set Qdrant:ApiKey.", exception),
        StatusCode.PermissionDenied => new FailureException(
            FailureReason.IndexRefused, "The key of this server may not do that in the vector index (Qdrant); whoever runs it must give Qdrant:ApiKey more rights.", exception),
        StatusCode.InvalidArgument when exception.Status.Detail.Contains("Vector dimension error", StringComparison.Ordinal) => new FailureException(
            FailureReason.IndexMismatch, "The vector index (Qdrant) holds embeddings of another dimension; whoever runs it must rebuild it (facecloud index rebuild).", exception),
        StatusCode.NotFound => new FailureException(
            FailureReason.IndexUnavailable, "The vector index (Qdrant) has lost a collection; it is filled again from the store. Try again in a few seconds.", exception),
        StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Aborted or StatusCode.FailedPrecondition => new FailureException(
            FailureReason.IndexUnavailable, $"The vector index (Qdrant) at {options.Value.Endpoint} does not answer; try again in a few seconds.", exception),
        _ => new FailureException(FailureReason.Internal, "The vector index (Qdrant) failed; this server's log has the details.", exception),
    };

    private static bool IsUntrusted(Exception? exception) => exception is AuthenticationException || (exception?.InnerException is { } inner && IsUntrusted(inner));
}
