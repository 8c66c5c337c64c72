using FaceCloud.Contracts.Failures;
using FaceCloud.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace FaceCloud.ServiceDefaults.Tests.Grpc;

public sealed class FailureInterceptorTests
{
    private static readonly DateTime PastDeadline = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime FarDeadline = new(2999, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly RecordingLogger<FailureInterceptor> _logger = new();

    public enum CallKind
    {
        Unary,
        ClientStreaming,
        ServerStreaming,
        DuplexStreaming,
    }

    public static TheoryData<CallKind> EveryKind => new(Enum.GetValues<CallKind>());

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_Failure_BecomesItsStatusAndIsNotLogged(CallKind kind)
    {
        var exception = await CallAsync(kind, new FailureException(FailureReason.GalleryNotFound, "There is no gallery 'x'."));

        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
        Assert.Equal("There is no gallery 'x'.", exception.Status.Detail);
        Assert.Equal("GALLERY_NOT_FOUND", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.Empty(_logger.Entries);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_CancelledByTheClient_BecomesCancelled(CallKind kind)
    {
        var exception = await CallAsync(kind, new OperationCanceledException(), DateTime.MaxValue, cancelled: true);

        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        Assert.Empty(_logger.Entries);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_CancelledBeforeItsDeadline_BecomesCancelled(CallKind kind)
    {
        var exception = await CallAsync(kind, new OperationCanceledException(), FarDeadline, cancelled: true);

        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_BreaksBecauseTheClientWent_BecomesCancelled(CallKind kind)
    {
        var exception = await CallAsync(kind, new IOException("The client reset the request stream."), cancelled: true);

        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        Assert.Empty(_logger.Entries);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_PastItsDeadline_BecomesDeadlineExceeded(CallKind kind)
    {
        var exception = await CallAsync(kind, new TaskCanceledException(), PastDeadline, cancelled: true);

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        Assert.Empty(_logger.Entries);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_UnknownException_IsLoggedAndItsDetailsStayHere(CallKind kind)
    {
        var secret = new InvalidOperationException("password=swordfish");

        var exception = await CallAsync(kind, secret);

        var entry = Assert.Single(_logger.Entries);
        Assert.Equal(StatusCode.Internal, exception.StatusCode);
        Assert.Equal("INTERNAL", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.DoesNotContain("swordfish", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal((LogLevel.Error, "/test/Call failed"), (entry.Level, entry.Message));
        Assert.Same(secret, entry.Exception);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_CancellationOfItsOwn_IsNotBlamedOnTheClient(CallKind kind)
    {
        var exception = await CallAsync(kind, new OperationCanceledException(), DateTime.MaxValue, cancelled: false);

        Assert.Equal(StatusCode.Internal, exception.StatusCode);
        Assert.Single(_logger.Entries);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Handler_RpcException_PassesUnchanged(CallKind kind)
    {
        var status = new RpcException(new Status(StatusCode.PermissionDenied, "No."));

        var exception = await CallAsync(kind, status);

        Assert.Same(status, exception);
        Assert.Empty(_logger.Entries);
    }

    private Task<RpcException> CallAsync(CallKind kind, Exception thrown, DateTime? deadline = null, bool cancelled = false)
    {
        var interceptor = new FailureInterceptor(TimeProvider.System, _logger);
        var context = new CallContext(deadline ?? DateTime.MaxValue, new CancellationToken(cancelled));
        return Assert.ThrowsAsync<RpcException>(() => kind switch
        {
            CallKind.Unary => interceptor.UnaryServerHandler<string, string>("", context, (_, _) => Task.FromException<string>(thrown)),
            CallKind.ClientStreaming => interceptor.ClientStreamingServerHandler<string, string>(null!, context, (_, _) => Task.FromException<string>(thrown)),
            CallKind.ServerStreaming => interceptor.ServerStreamingServerHandler<string, string>("", null!, context, (_, _, _) => Task.FromException(thrown)),
            _ => interceptor.DuplexStreamingServerHandler<string, string>(null!, null!, context, (_, _, _) => Task.FromException(thrown)),
        });
    }
}
