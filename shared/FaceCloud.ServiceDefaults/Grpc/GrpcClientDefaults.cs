using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.ServiceDefaults.Grpc;

/// <summary>How clients of our own services hold on: tries that know gRPC's statuses, connections that notice a dead server.</summary>
public static class GrpcClientDefaults
{
    /// <summary>
    /// Calls that find nobody (UNAVAILABLE) are tried again up to three times within their deadline, which every call must have.
    /// Instead of the handler for plain HTTP, which cannot see the status of a gRPC call and would end long streams.
    /// </summary>
    public static IHttpClientBuilder AddGrpcResilience(this IHttpClientBuilder client)
    {
#pragma warning disable EXTEXP0001 // Marked as experimental; there is no other way to leave out what all clients get.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,

            // So that a name's new addresses are found without a restart.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        return client.ConfigureChannel(channel => channel.ServiceConfig = new ServiceConfig
        {
            MethodConfigs =
            {
                new MethodConfig
                {
                    Names = { MethodName.Default },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = 4,
                        InitialBackoff = TimeSpan.FromMilliseconds(100),
                        MaxBackoff = TimeSpan.FromSeconds(1),
                        BackoffMultiplier = 2,
                        RetryableStatusCodes = { StatusCode.Unavailable },
                    },
                },
            },
        });
    }
}
