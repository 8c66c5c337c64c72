using FaceCloud.Encoder.Tests.Testing;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Encoder.Tests;

public sealed class EncoderStartTests
{
    [Fact]
    public async Task Start_CudaDemandedOfACpuBuild_StopsWithReason()
    {
        Assert.SkipWhen(OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "This build has CUDA.");

        var failure = await Assert.ThrowsAsync<ModelException>(() => EncoderHost.StartAsync(new KeyValuePair<string, string?>("Encoder:ExecutionProvider", "cuda")));

        Assert.Contains("'cuda' cannot be loaded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoModelFile_StopsAndNamesFolderAndSetting()
    {
        var empty = Directory.CreateTempSubdirectory("facecloud-empty-").FullName;

        var failure = await Assert.ThrowsAsync<ModelException>(() => EncoderHost.StartAsync(
            new KeyValuePair<string, string?>("Models:Directory", empty),
            new KeyValuePair<string, string?>("Models:Encoder", "mobilefacenet-112x96")));

        Directory.Delete(empty);
        Assert.Contains(empty, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Models:Directory", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Encoder:ExecutionProvider", "warp", "ExecutionProvider")]
    [InlineData("Encoder:Sessions", "0", "Sessions")]
    [InlineData("Encoder:Batching:MaxBatch", "0", "MaxBatch")]
    [InlineData("Encoder:Batching:MaxWait", "01:00:00", "MaxWait")]
    [InlineData("Encoder:MessageBatch", "-1", "MessageBatch")]
    [InlineData("Inference:Device", "-1", "Device")]
    public async Task Start_SettingOutOfRange_StopsAndNamesIt(string setting, string value, string property)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => EncoderHost.StartAsync(new KeyValuePair<string, string?>(setting, value)));

        Assert.True(failure is OptionsValidationException or InvalidOperationException, failure.ToString());
        Assert.Contains(property, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ProviderOnlyInInference_IsTaken()
    {
        await using var host = await EncoderHost.StartAsync(
            new KeyValuePair<string, string?>("Encoder:ExecutionProvider", null),
            new KeyValuePair<string, string?>("Encoder:Sessions", null),
            new KeyValuePair<string, string?>("Inference:ExecutionProvider", "cpu"),
            new KeyValuePair<string, string?>("Inference:Sessions", "3"));

        Assert.Equal(3, host.Services.GetRequiredService<OnnxFaceEncoder>().Sessions);
        Assert.Same(host.Services.GetRequiredService<OnnxFaceEncoder>(), host.Services.GetRequiredService<IFaceEncoder>());
    }
}
