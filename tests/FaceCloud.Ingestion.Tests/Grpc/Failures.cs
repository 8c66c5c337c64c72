using Google.Rpc;
using Grpc.Core;

namespace FaceCloud.Ingestion.Tests.Grpc;

internal static class Failures
{
    /// <summary>The call fails with this status and reason, and a sentence.</summary>
    public static async Task AssertFailsAsync(StatusCode status, string reason, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);

        Assert.Equal(status, exception.StatusCode);
        Assert.Equal(reason, Reason(exception));
        Assert.NotEmpty(exception.Status.Detail);
    }

    public static string? Reason(RpcException exception) => exception.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
}
