using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace FaceCloud.FakeQdrant.Grpc;

/// <summary>Writes calls down, asks for the key, and makes the trouble that a test wants.</summary>
internal sealed class Gatekeeper(FakeQdrantOptions options) : Interceptor
{
    private readonly ConcurrentQueue<RecordedCall> _calls = new();
    private readonly ConcurrentDictionary<string, TimeSpan> _delays = new();
    private readonly Lock _lock = new();
    private readonly List<(string Method, StatusCode Status, string Detail)> _failures = [];

    public IReadOnlyList<RecordedCall> Calls => [.. _calls];

    public void ForgetCalls() => _calls.Clear();

    public void FailNext(string? method, StatusCode status, int times, string detail)
    {
        lock (_lock)
        {
            _failures.AddRange(Enumerable.Repeat((method ?? "", status, detail), times));
        }
    }

    public void Delay(string? method, TimeSpan delay) => _delays[method ?? ""] = delay;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var method = context.Method["/qdrant.".Length..];
        _calls.Enqueue(new RecordedCall(
            method,
            (IMessage)request,
            context.RequestHeaders.Where(header => !header.IsBinary).DistinctBy(header => header.Key).ToDictionary(header => header.Key, header => header.Value)));
        await Task.Delay(_delays.GetValueOrDefault(method) + _delays.GetValueOrDefault(""), context.CancellationToken);
        if (NextFailure(method) is { } failure)
        {
            throw new RpcException(failure);
        }

        CheckKey(method, context);
        return await continuation(request, context);
    }

    private Status? NextFailure(string method)
    {
        lock (_lock)
        {
            var place = _failures.FindIndex(failure => failure.Method.Length == 0 || failure.Method == method);
            if (place < 0)
            {
                return null;
            }

            var (_, status, detail) = _failures[place];
            _failures.RemoveAt(place);
            return new Status(status, detail);
        }
    }

    private void CheckKey(string method, ServerCallContext context)
    {
        if (options.ApiKey is null || method == "Qdrant/HealthCheck")
        {
            return;
        }

        var key = context.RequestHeaders.GetValue("api-key") ?? context.RequestHeaders.GetValue("authorization")?.Replace("Bearer ", "", StringComparison.Ordinal);
        if (key != options.ApiKey && (key is null || key != options.ReadOnlyKey))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token"));
        }

        if (key == options.ReadOnlyKey && method is not ("Collections/Get" or "Collections/List" or "Collections/ListAliases" or "Points/Get" or "Points/Scroll" or "Points/Count" or "Points/QueryGroups"))
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Forbidden: this key may only read"));
        }
    }
}
