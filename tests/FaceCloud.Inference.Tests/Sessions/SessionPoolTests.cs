using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Inference.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Inference.Tests.Sessions;

public sealed class SessionPoolTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Constructor_NoNumberGiven_OneSessionACore()
    {
        using var pool = Open(new InferenceOptions { ExecutionProvider = ExecutionProvider.Cpu });

        Assert.Equal(Environment.ProcessorCount, pool.Size);
        Assert.Equal("cpu", pool.ProviderName);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda, "cuda")]
    [InlineData(ExecutionProvider.TensorRt, "tensorrt")]
    public void Constructor_ProviderDemandedThatTheBuildLacks_StopsWithReason(ExecutionProvider provider, string name)
    {
        Assert.SkipWhen(OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "This build has CUDA.");

        var failure = Assert.Throws<ModelException>(() => Open(new InferenceOptions { ExecutionProvider = provider }));

        Assert.Contains($"'{name}' cannot be loaded", failure.Message, StringComparison.Ordinal);
        Assert.Contains("CPUExecutionProvider", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_Auto_TakesWhatTheBuildHasAndSaysSo()
    {
        Assert.SkipWhen(OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "This build has CUDA.");
        var log = new LogLines();

        using var pool = new SessionPool(_folder.Catalog().Encoder, new InferenceOptions { Sessions = 1 }, log);

        Assert.Equal(ExecutionProvider.Cpu, pool.Provider);
        Assert.Single(log.Lines, line => line.Contains("auto", StringComparison.Ordinal) && line.Contains("cpu", StringComparison.Ordinal));
    }

    [Fact]
    public void Constructor_FileIsNoModel_SaysFile()
    {
        _folder.ReplaceEncoder([1, 2, 3, 4]);

        var failure = Assert.Throws<ModelException>(() => Open(new InferenceOptions { Sessions = 1 }));

        Assert.Contains(_folder.Encoder.File, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoSuchInput_ListsThoseThereAre()
    {
        _folder.ChangeEncoder(model => model with { InputName = "data" });

        var failure = Assert.Throws<ModelException>(() => Open(new InferenceOptions { Sessions = 1 }));

        Assert.Contains("'data'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("it has: input", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RentAsync_AllRented_WaitsForOneToComeBack()
    {
        using var pool = Open(new InferenceOptions { Sessions = 2 });
        var first = await pool.RentAsync(Cancellation);
        using var second = await pool.RentAsync(Cancellation);

        var third = pool.RentAsync(Cancellation).AsTask();
        Assert.False(third.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => pool.Rent());
        var session = first.Session;
        first.Dispose();

        using var lease = await third;
        Assert.Same(session, lease.Session);
        Assert.NotSame(second.Session, lease.Session);
    }

    [Fact]
    public async Task RentAsync_Cancelled_Throws()
    {
        using var pool = Open(new InferenceOptions { Sessions = 1 });
        using var lease = await pool.RentAsync(Cancellation);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var waiting = pool.RentAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Dispose_LeaseGivenBackTwice_SessionIsRentedOnce()
    {
        using var pool = Open(new InferenceOptions { Sessions = 1 });
        var lease = await pool.RentAsync(Cancellation);

        lease.Dispose();
        lease.Dispose();

        using var next = pool.Rent();
        Assert.Throws<InvalidOperationException>(() => pool.Rent());
        Assert.Throws<ObjectDisposedException>(() => lease.Session);
    }

    public void Dispose() => _folder.Dispose();

    private SessionPool Open(InferenceOptions options) => new(_folder.Catalog().Encoder, options, NullLoggerFactory.Instance);
}
