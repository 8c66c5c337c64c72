using Microsoft.Extensions.Configuration;

namespace FaceCloud.ServiceDefaults.Tests;

public sealed class ServiceBuilderTests
{
    [Fact]
    public void Create_FilesOfSettings_AreReadButNotWatched()
    {
        var builder = ServiceBuilder.Create(["--Gallery:StoreBatch=7"]);

        var files = ((IConfigurationBuilder)builder.Configuration).Sources.OfType<FileConfigurationSource>().ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.ReloadOnChange));
        Assert.Equal("7", builder.Configuration["Gallery:StoreBatch"]);
    }
}
