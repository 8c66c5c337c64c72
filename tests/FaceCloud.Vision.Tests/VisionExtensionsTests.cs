using FaceCloud.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.Vision.Tests;

public sealed class VisionExtensionsTests
{
    [Fact]
    public async Task AddVision_CalledTwice_AnalyzerWorks()
    {
        using var host = Build([]);

        var analysis = await host.Services.GetRequiredService<FaceAnalyzer>()
            .AnalyzeAsync(TestPhotos.Person(3), QualityGate.Enrolment, 1, TestContext.Current.CancellationToken);

        Assert.Single(analysis.Faces);
    }

    [Fact]
    public void AddVision_Settings_AreBoundDownToTheGates()
    {
        using var host = Build(new() { ["Vision:MaxPixels"] = "1234", ["Vision:Enrolment:MinFacePixels"] = "77", ["Vision:SecondLook"] = "false" });

        var options = host.Services.GetRequiredService<IOptions<VisionOptions>>().Value;

        Assert.Equal(1234, options.MaxPixels);
        Assert.False(options.SecondLook);
        Assert.Equal(77, options.Enrolment.MinFacePixels);
        Assert.Equal(QualityGate.Enrolment.MinSharpness, options.Enrolment.MinSharpness);
        Assert.Equal(32, QualityGate.Enrolment.MinFacePixels);
    }

    [Theory]
    [InlineData("Vision:MaxPhotoBytes", "0")]
    [InlineData("Vision:DetectorThreshold", "1.5")]
    [InlineData("Vision:Probe:MinSharpness", "2")]
    public async Task AddVision_WrongSetting_StopsAtStartAndNamesIt(string key, string value)
    {
        using var host = Build(new() { [key] = value });

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(key.Split(':')[^1], failure.Message, StringComparison.Ordinal);
    }

    private static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration["Models:Directory"] = TestModels.Shared.Directory;
        builder.AddVision();
        builder.AddVision();
        return builder.Build();
    }
}
