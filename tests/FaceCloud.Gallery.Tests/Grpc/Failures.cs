using Google.Rpc;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

internal static class Failures
{
    /// <summary>The reason for programs; null when there is none.</summary>
    public static string? ReasonOf(RpcException failure) => failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;

    /// <summary>The call fails with this status and reason, and a sentence.</summary>
    public static async Task AssertFailsAsync<T>(StatusCode status, string reason, AsyncUnaryCall<T> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal((status, reason), (exception.StatusCode, ReasonOf(exception)));
        Assert.NotEmpty(exception.Status.Detail);
    }
}
