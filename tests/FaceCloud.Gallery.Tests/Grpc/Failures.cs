using Google.Rpc;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

internal static class Failures
{
    /// <summary>The call fails with this status and reason, and a sentence.</summary>
    public static async Task AssertFailsAsync<T>(StatusCode status, string reason, AsyncUnaryCall<T> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal((status, reason), (exception.StatusCode, exception.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason));
        Assert.NotEmpty(exception.Status.Detail);
    }
}
