using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>Counts calls, and lets some fail or hang.</summary>
internal sealed class Traffic : Interceptor
{
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly ConcurrentDictionary<string, int> _outages = new();
    private readonly ConcurrentDictionary<string, string?> _authorizations = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _hanging;

    /// <summary>A call hangs now.</summary>
    public Task Reached => _reached.Task;

    /// <summary>The server has seen that the client gave a hanging call up.</summary>
    public Task Abandoned => _abandoned.Task;

    public int Calls(string method) => _calls.GetValueOrDefault(method);

    public string? Authorization(string method) => _authorizations.GetValueOrDefault(method);

    /// <summary>The next calls of this method end UNAVAILABLE.</summary>
    public void Fail(string method, int times) => _outages[method] = times;

    /// <summary>Calls of this method hang until the client gives up.</summary>
    public void Hang(string method) => _hanging = method;

    public void ReleaseAll() => _released.TrySetResult();

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await PassAsync(context);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await PassAsync(context);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await PassAsync(context);
        await continuation(request, responseStream, context);
    }

    private async Task PassAsync(ServerCallContext context)
    {
        var method = context.Method.Split('/')[^1];
        _calls.AddOrUpdate(method, 1, (_, count) => count + 1);
        _authorizations[method] = context.RequestHeaders.GetValue("authorization");
        if (_outages.TryGetValue(method, out var left) && left > 0)
        {
            _outages[method] = left - 1;
            throw new RpcException(new Status(StatusCode.Unavailable, "Away."));
        }

        if (_hanging == method)
        {
            _reached.TrySetResult();
            using var abandoned = context.CancellationToken.Register(() => _abandoned.TrySetResult());
            await Task.WhenAny(_released.Task, _abandoned.Task);
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
