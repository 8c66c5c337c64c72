using FaceCloud.ServiceDefaults.Messaging;
using FaceCloud.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Encoder.Tests.Testing;

/// <summary>The service as its Program.cs puts it together, in this process: no ports, bus in memory, test models.</summary>
public sealed class EncoderHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EncoderHost(WebApplication app, GrpcChannel channel, HttpClient http) => (_app, Channel, Http) = (app, channel, http);

    public GrpcChannel Channel { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<EncoderHost> StartAsync(params KeyValuePair<string, string?>[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("Models:Directory", TestModels.Shared.Directory),
            new("Encoder:ExecutionProvider", "cpu"),
            new("Encoder:Sessions", "1"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings);

        builder.AddServiceDefaults();
        builder.AddMessaging(bus => bus.AddEncoderConsumers(), MessagingTransport.InMemory);
        builder.AddEncoder();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapEncoder();
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var server = app.GetTestServer();
        var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = server.CreateHandler() });
        return new EncoderHost(app, channel, server.CreateClient());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
