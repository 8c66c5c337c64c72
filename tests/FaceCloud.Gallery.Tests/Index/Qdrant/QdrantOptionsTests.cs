using FaceCloud.Gallery.Index.Qdrant;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Tests.Index.Qdrant;

public sealed class QdrantOptionsTests
{
    [Theory]
    [InlineData("Endpoint=http://qdrant:6334;Key=abc", "http://qdrant:6334/", "abc")]
    [InlineData("Endpoint=https://qdrant:6334", "https://qdrant:6334/", null)]
    [InlineData("endpoint=http://qdrant:6334;key=\"a;b=c\"", "http://qdrant:6334/", "a;b=c")]
    [InlineData("http://qdrant:6334", "http://qdrant:6334/", null)]
    public async Task ConnectionString_AsAspireGivesIt_IsRead(string text, string endpoint, string? key)
    {
        await using var host = await GalleryHost.StartAsync(settings: new() { ["ConnectionStrings:qdrant"] = text });

        var options = host.Services.GetRequiredService<IOptions<QdrantOptions>>().Value;

        Assert.Equal((endpoint, key), (options.Endpoint?.ToString(), options.ApiKey));
    }

    [Fact]
    public async Task ConnectionString_BesideSettings_GoesSecond()
    {
        await using var host = await GalleryHost.StartAsync(settings: new()
        {
            ["ConnectionStrings:qdrant"] = "Endpoint=http://one:6334;Key=abc",
            ["Qdrant:Endpoint"] = "http://two:6334",
        });

        var options = host.Services.GetRequiredService<IOptions<QdrantOptions>>().Value;

        Assert.Equal((new Uri("http://two:6334"), "abc"), (options.Endpoint, options.ApiKey));
    }

    [Theory]
    [InlineData("Endpoint=qdrant;Key=s3cret", "Qdrant:Endpoint")]
    [InlineData("Endpoint=http://q:1;Key='s3cret", "Qdrant:Endpoint")]
    public async Task ConnectionString_ThatIsNone_StopsWithoutTellingTheKey(string text, string name)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GalleryHost.StartAsync(settings: new() { ["ConnectionStrings:qdrant"] = text }));

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Index:Kind", "qdrant", "Qdrant:Endpoint")]
    [InlineData("Qdrant:Endpoint", "ftp://qdrant", "Qdrant:Endpoint")]
    [InlineData("Qdrant:CaFile", "/no/such/file.pem", "Qdrant:CaFile")]
    [InlineData("Qdrant:Prefix", "Face Cloud", "Prefix")]
    [InlineData("Qdrant:Prefix", "face.cloud", "Prefix")]
    [InlineData("Qdrant:ReadTimeout", "00:00:00", "ReadTimeout")]
    [InlineData("Qdrant:Batch", "0", "Batch")]
    [InlineData("Qdrant:WriteConsistencyFactor", "2", "WriteConsistencyFactor")]
    [InlineData("Index:VerifyInterval", "00:00:00", "VerifyInterval")]
    public async Task Start_SettingThatIsWrong_StopsWithItsName(string key, string value, string name)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GalleryHost.StartAsync(settings: new() { [key] = value }));

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }
}
