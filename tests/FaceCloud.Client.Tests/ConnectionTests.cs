using FaceCloud.Client.Tests.Testing;
using Grpc.Core;

namespace FaceCloud.Client.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public async Task CheckHealthAsync_OneServer_SaysServing()
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect();

        var health = Assert.Single(await client.CheckHealthAsync());

        Assert.True(health.IsServing);
        Assert.Equal("SERVING", health.Status);
        Assert.True(health.RoundTrip > TimeSpan.Zero);
    }

    [Fact]
    public async Task CheckHealthAsync_ServerUnfit_SaysNotServing()
    {
        await using var server = await FakeServer.StartAsync();
        server.IsHealthy = false;
        using var client = server.Connect();

        var health = Assert.Single(await client.CheckHealthAsync());

        Assert.False(health.IsServing);
        Assert.Equal("NOT_SERVING", health.Status);
    }

    [Fact]
    public async Task Client_TwoServers_SendsJobsToIngestion()
    {
        await using var gallery = await FakeServer.StartAsync();
        await using var ingestion = await FakeServer.StartAsync();
        gallery.Gallery.Fill("staff");
        using var client = new FaceCloudClient(gallery.Address, ingestion.Address);

        await client.StartJobAsync("staff");
        await client.GetGalleryAsync("staff");
        var health = await client.CheckHealthAsync();

        Assert.Equal((0, 1), (gallery.Traffic.Calls("StartJob"), ingestion.Traffic.Calls("StartJob")));
        Assert.Equal((1, 0), (gallery.Traffic.Calls("GetGallery"), ingestion.Traffic.Calls("GetGallery")));
        Assert.Equal([client.Server, client.IngestionServer], health.Select(server => server.Server));
    }

    [Fact]
    public async Task Client_WithCredentialsOnThisMachine_SendsThem()
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(options => options with { Credentials = Token() });

        await Assert.ThrowsAsync<FaceCloudException>(() => client.GetGalleryAsync("none"));

        Assert.Equal("Bearer abc", server.Traffic.Authorization("GetGallery"));
    }

    [Fact]
    public void Client_WithCredentialsInClearTextOverANetwork_IsRefused()
    {
        var options = new FaceCloudClientOptions { Server = new Uri("http://faces.example:8081"), Credentials = Token() };

        Assert.Throws<ArgumentException>(() => new FaceCloudClient(options));
    }

    [Theory]
    [InlineData("localhost:8081")]
    [InlineData("faces")]
    [InlineData("ftp://faces")]
    [InlineData("")]
    public void Client_NotAnAddress_IsRefusedWithTheText(string address)
    {
        var failure = Assert.Throws<FormatException>(() => new FaceCloudClient(address));

        Assert.Contains($"'{address}'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Client_AttemptsOutOfRange_IsRefused(int attempts)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FaceCloudClient(new FaceCloudClientOptions { MaxAttempts = attempts }));
    }

    private static CallCredentials Token() => CallCredentials.FromInterceptor((_, metadata) =>
    {
        metadata.Add("authorization", "Bearer abc");
        return Task.CompletedTask;
    });
}
