using System.Diagnostics;
using FaceCloud.Contracts.Failures;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace FaceCloud.ServiceDefaults.Grpc;

/// <summary>
/// Turns failures into statuses with a reason, once for all services. What is not a known failure is logged here
/// with its details and leaves as INTERNAL without them.
/// </summary>
public sealed class FailureInterceptor(TimeProvider time, ILogger<FailureInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (Translate(exception, context) is { } status)
        {
            throw status;
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception) when (Translate(exception, context) is { } status)
        {
            throw status;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (Translate(exception, context) is { } status)
        {
            throw status;
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception) when (Translate(exception, context) is { } status)
        {
            throw status;
        }
    }

    private RpcException? Translate(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case RpcException:
                return null;
            case FailureException failure:
                Mark(context, failure.Reason);
                return FailureStatus.ToRpcException(failure.Reason, failure.Message);
            // Whatever breaks once the client has gone (a closed stream, a store told to stop) comes from its going.
            case var late when context.CancellationToken.IsCancellationRequested:
                Log.CallEnded(logger, context.Method, late);
                return new RpcException(time.GetUtcNow().UtcDateTime >= context.Deadline
                    ? new Status(StatusCode.DeadlineExceeded, "The call ran past its deadline.")
                    : new Status(StatusCode.Cancelled, "The call was cancelled by the client."));
            default:
                Log.CallFailed(logger, context.Method, exception);
                Mark(context, FailureReason.Internal);
                return FailureStatus.ToRpcException(FailureReason.Internal, "Something broke on the server; its log has the details.");
        }
    }

    // For the call's span and measure.
    private static void Mark(ServerCallContext context, FailureReason reason)
    {
        context.UserState[Telemetry.ErrorTag] = reason.ToWire();
        Activity.Current?.SetTag(Telemetry.ErrorTag, reason.ToWire());
    }
}
