using System.Collections.Concurrent;
using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Encoder.V1;
using FaceCloud.ServiceDefaults.Lifetime;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceCloud.ServiceDefaults.Tests;

/// <summary>A service that has nothing but the defaults, and two calls: GetModel answers, Embed fails for a known reason.</summary>
internal sealed class DefaultsHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DefaultsHost(WebApplication app, int http, int grpc, LinesProvider lines)
    {
        _app = app;
        Lines = lines.Lines;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        GrpcAddress = new Uri($"http://127.0.0.1:{grpc}");
        Channel = GrpcChannel.ForAddress(GrpcAddress);
    }

    public HttpClient Http { get; }

    public Uri GrpcAddress { get; }

    public GrpcChannel Channel { get; }

    public EncoderService.EncoderServiceClient Client => new(Channel);

    public IServiceProvider Services => _app.Services;

    public StartSteps Steps => Services.GetRequiredService<StartSteps>();

    public ConcurrentQueue<string> Lines { get; }

    public static async Task<DefaultsHost> StartAsync(Action<WebApplicationBuilder>? add = null, Action<WebApplication>? map = null, params string[] args)
    {
        var (http, grpc) = FreePorts.Two();
        var builder = WebApplication.CreateBuilder([$"--Endpoints:HttpPort={http}", $"--Endpoints:GrpcPort={grpc}", .. args]);
        var lines = new LinesProvider();
        builder.Logging.ClearProviders().AddProvider(lines);
        builder.AddServiceDefaults();
        builder.AddEndpoints(http, grpc);
        add?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<Encoder>();
        map?.Invoke(app);
        await app.StartAsync();
        return new DefaultsHost(app, http, grpc, lines);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Encoder : EncoderService.EncoderServiceBase
    {
        public override Task<Model> GetModel(GetModelRequest request, ServerCallContext context) => Task.FromResult(new Model { Name = "any" });

        public override Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context) =>
            throw new FailureException(FailureReason.EncoderBusy, "Try again in a moment.");
    }

    private sealed class LinesProvider : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new LinesLogger(Lines);

        public void Dispose()
        {
        }
    }

    private sealed class LinesLogger(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));
    }
}
