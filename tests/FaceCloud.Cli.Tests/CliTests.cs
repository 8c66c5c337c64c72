using System.Text.Json;

namespace FaceCloud.Cli.Tests;

/// <summary>What the tests of all commands start from.</summary>
public abstract class CliTests : IAsyncLifetime
{
    protected CliFixture Cli { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cli = await CliFixture.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Cli.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The names of an object's fields, in order: the documented shape.</summary>
    protected static string[] Fields(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name)];

    protected static string? Reason(JsonElement json) => json.GetProperty("error").GetProperty("reason").GetString();
}
