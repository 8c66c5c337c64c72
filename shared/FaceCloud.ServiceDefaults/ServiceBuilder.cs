using Microsoft.AspNetCore.Builder;

namespace FaceCloud.ServiceDefaults;

/// <summary>How every service begins.</summary>
public static class ServiceBuilder
{
    // Settings are read at start. Watching their files means watching the whole folder they lie in, on one more thread;
    // with photos stored below it every photo would wake it.
    private const string ReadOnce = "--hostBuilder:reloadConfigOnChange=false";

    /// <param name="args">Of the command line; they go before files and environment.</param>
    public static WebApplicationBuilder Create(string[] args) => WebApplication.CreateBuilder([ReadOnce, .. args]);
}
