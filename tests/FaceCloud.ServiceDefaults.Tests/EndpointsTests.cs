using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Tests;

public sealed class EndpointsTests
{
    [Theory]
    [InlineData("--Endpoints:GrpcPort=-5", "GrpcPort")]
    [InlineData("--Endpoints:GrpcPort=65536", "GrpcPort")]
    [InlineData("--Endpoints:HttpPort=-1", "HttpPort")]
    public async Task Start_PortOutOfRange_StopsWithTheOptionsName(string argument, string option)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(argument));

        Assert.Contains(option, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("not an address")]
    public void AddEndpoints_AddressThatIsNone_ThrowsWithTheText(string address)
    {
        var builder = WebApplication.CreateSlimBuilder([$"--Endpoints:Address={address}"]);

        var failure = Assert.Throws<InvalidOperationException>(() => builder.AddEndpoints(httpPort: 8080, grpcPort: 8081));

        Assert.Contains($"'{address}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Defaults_ListensOnThisMachineOnly()
    {
        var (http, grpc) = FreePorts.Two();

        await using var app = await StartAsync($"--Endpoints:HttpPort={http}", $"--Endpoints:GrpcPort={grpc}");

        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        Assert.Equal([$"http://127.0.0.1:{http}", $"http://127.0.0.1:{grpc}"], addresses);
    }

    [Fact]
    public async Task Start_PortZero_TakesAFreeOne()
    {
        await using var app = await StartAsync("--Endpoints:HttpPort=0", "--Endpoints:GrpcPort=0");

        var ports = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a).Port).ToArray();
        Assert.Equal(2, ports.Distinct().Count());
        Assert.DoesNotContain(0, ports);
    }

    private static async Task<WebApplication> StartAsync(params string[] args)
    {
        var (http, grpc) = FreePorts.Two();
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.AddEndpoints(http, grpc);
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }
}
