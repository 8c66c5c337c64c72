using FaceCloud.Contracts.Failures;
using FaceCloud.ServiceDefaults.Lifetime;
using FaceCloud.ServiceDefaults.Tracing;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace FaceCloud.ServiceDefaults.Grpc;

/// <summary>Around every call, once for all services: measures it, and refuses it while the process still starts.</summary>
public sealed class CallInterceptor(StartSteps start, TimeProvider time) : Interceptor
{
    // A moment longer than a store needs that comes up together with the service.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => AnswerAsync(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => AnswerAsync(continuation(requestStream, responseStream, context)));

    private static async Task<bool> AnswerAsync(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        // Health and reflection answer at all times, and nobody wants them measured.
        if (Requests.IsOfInfrastructure(context.Method))
        {
            return await call();
        }

        var started = time.GetTimestamp();
        var status = StatusCode.OK;
        try
        {
            await RequireStartAsync(context);
            return await call();
        }
        catch (RpcException exception)
        {
            status = exception.StatusCode;
            throw;
        }
        finally
        {
            Telemetry.RecordCall(context.Method.TrimStart('/'), Words.OfStatus(status), context.UserState.TryGetValue(Telemetry.ErrorTag, out var reason) ? reason as string : null, time.GetElapsedTime(started));
        }
    }

    private async Task RequireStartAsync(ServerCallContext context)
    {
        try
        {
            await start.WaitAsync(context.CancellationToken).WaitAsync(Patience, time, context.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw FailureStatus.ToRpcException(
                FailureReason.StoreUnavailable, $"The service is starting and waits for {string.Join(", ", start.Open)}; try again in a few seconds.");
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled by the client."));
        }
    }
}
