using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Deploy.Tests.Containers;

/// <summary>Answers 200 at <c>/health</c> and 503 at <c>/broken</c>.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AnsweringServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<AnsweringServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/health", () => "fine");
        app.MapGet("/broken", () => Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AnsweringServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
