using FaceCloud.Cli;
using FaceCloud.Cli.Output;
using FaceCloud.Inference.Models;
using FaceCloud.Standalone;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.AppHost;

/// <summary>The whole system for a minute: on free ports, with data in a folder that is gone afterwards, shown by the command line's <c>demo</c>.</summary>
internal static class Demo
{
    /// <param name="args">Of the command <c>demo</c>; without <c>--samples</c> the people that come with FaceCloud.</param>
    /// <param name="terminal">Where it is shown.</param>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var folder = Directory.CreateTempSubdirectory("facecloud-demo-");
        try
        {
            var app = StandaloneHost.Build(
            [
                "--Endpoints:HttpPort", "0",
                "--Endpoints:GrpcPort", "0",
                "--Storage:Directory", folder.FullName,
                "--Logging:LogLevel:Default", "Warning",
            ]);
            await using (app)
            {
                if (!await app.HasModelsAsync())
                {
                    return 1;
                }

                await app.StartAsync();
                var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
                var code = await new FaceCloudApp(terminal).RunAsync(["demo", .. args, "--server", addresses.Last()]);
                await app.StopAsync();
                return code;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
