using FaceCloud.Protos.Encoder.V1;
using FaceCloud.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.ServiceDefaults.Tests.Grpc;

public sealed class GrpcClientDefaultsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_NameFromServiceDiscovery_FindsTheServer()
    {
        await using var server = await DefaultsHost.StartAsync();
        using var host = Build("http://_grpc.encoder", ("services:encoder:grpc:0", server.GrpcAddress.ToString()));

        var model = await host.Services.GetRequiredService<EncoderService.EncoderServiceClient>().GetModelAsync(new(), cancellationToken: Cancelled);

        Assert.Equal("any", model.Name);
    }

    // The handler that plain clients get would see only a transport failure and retry it on its own clock.
    [Fact]
    public async Task Call_ServerThatComesLater_IsTriedAgainUntilItIsThere()
    {
        var (_, port) = FreePorts.Two();
        using var host = Build($"http://127.0.0.1:{port}");
        var client = host.Services.GetRequiredService<EncoderService.EncoderServiceClient>();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.GetModelAsync(new(), deadline: TimeProvider.System.GetUtcNow().AddSeconds(30).UtcDateTime, cancellationToken: Cancelled));
        await using var server = await DefaultsHost.StartAsync(args: $"--Endpoints:GrpcPort={port}");
        var model = await client.GetModelAsync(new(), cancellationToken: Cancelled);

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal("any", model.Name);
    }

    private static IHost Build(string address, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.AddServiceDefaults();
        builder.Services.AddGrpcClient<EncoderService.EncoderServiceClient>(client => client.Address = new Uri(address)).AddGrpcResilience();
        return builder.Build();
    }
}
