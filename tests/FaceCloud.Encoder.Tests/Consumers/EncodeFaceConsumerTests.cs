using System.Runtime.InteropServices;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Encoder.Tests.Testing;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Sessions;
using FaceCloud.Testing;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceCloud.Encoder.Tests.Consumers;

public sealed class EncodeFaceConsumerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly OnnxFaceEncoder _encoder = new(
        TestModels.Shared.Catalog.Encoder,
        new InferenceOptions { ExecutionProvider = ExecutionProvider.Cpu, Sessions = 2 },
        new BatchingOptions(),
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consume_ManyCommands_OneFaceEncodedEachWithItsOwnEmbedding()
    {
        await using var provider = Build(_encoder);
        var harness = await StartAsync(provider);
        var commands = Enumerable.Range(0, 50).Select(Commands.Encode).ToList();

        await harness.Bus.PublishBatch(commands, Cancellation);

        var events = await WaitForAsync<FaceEncoded>(harness, commands.Count);
        foreach (var command in commands)
        {
            var encoded = Assert.Single(events, found => found.Target.ItemId == command.Target.ItemId);
            var expected = (await _encoder.EncodeAsync([command.Crop], EncodePriority.Interactive, Cancellation)).Embeddings[0];
            Assert.Equal(command.Target, encoded.Target);
            Assert.Equal(command.Box, encoded.Box);
            Assert.Equal(command.Quality.Score, encoded.Quality.Score);
            Assert.Equal(TestModels.Shared.Catalog.Encoder.EmbeddingContract, encoded.EmbeddingContract);
            var floats = MemoryMarshal.Cast<byte, float>(encoded.Embedding).ToArray();
            Assert.Equal(TestModels.Dimension, floats.Length);
            Assert.InRange(floats.Zip(expected, (a, b) => MathF.Abs(a - b)).Max(), 0, 1e-4f);
        }
    }

    [Fact]
    public async Task Consume_SameCommandTwice_SameFaceEncodedTwice()
    {
        await using var provider = Build(_encoder);
        var harness = await StartAsync(provider);
        var command = Commands.Encode(1);

        await harness.Bus.Publish(command, Cancellation);
        await WaitForAsync<FaceEncoded>(harness, 1);
        await harness.Bus.Publish(command, Cancellation);

        var events = await WaitForAsync<FaceEncoded>(harness, 2);
        Assert.Equal(events[0].Target, events[1].Target);
        Assert.Equal(events[0].EmbeddingContract, events[1].EmbeddingContract);
        Assert.Equal(events[0].Embedding, events[1].Embedding);
    }

    [Fact]
    public async Task Consume_OneCropOfAnotherSize_FailsAloneAndAtOnce()
    {
        var encoder = new FlakyEncoder(_encoder, 0, FailureReason.Internal);
        await using var provider = Build(encoder);
        var harness = await StartAsync(provider);
        var bad = Commands.Encode(new byte[100]);
        List<EncodeFace> commands = [Commands.Encode(1), bad, Commands.Encode(2)];

        await harness.Bus.PublishBatch(commands, Cancellation);

        var encoded = await WaitForAsync<FaceEncoded>(harness, 2);
        var outcome = Assert.Single(await WaitForAsync<EnrolmentOutcome>(harness, 1));
        Assert.DoesNotContain(encoded, found => found.Target == bad.Target);
        Assert.Equal(bad.Target, outcome.Target);
        Assert.Equal(EnrolOutcome.Failed, outcome.Outcome);
        Assert.Equal("INVALID_CROP", outcome.ErrorReason);
        Assert.Contains("100 bytes", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(3, encoder.Calls);
    }

    [Theory]
    [InlineData(FailureReason.Internal)]
    [InlineData(FailureReason.EncoderUnavailable)]
    public async Task Consume_EncoderHealsInTime_EveryItemIsEncodedOnce(FailureReason reason)
    {
        var encoder = new FlakyEncoder(_encoder, 3, reason);
        await using var provider = Build(encoder);
        var harness = await StartAsync(provider);
        List<EncodeFace> commands = [Commands.Encode(1), Commands.Encode(2)];

        await harness.Bus.PublishBatch(commands, Cancellation);

        var events = await WaitForAsync<FaceEncoded>(harness, 2);
        Assert.Equal(commands.Select(command => command.Target.ItemId).Order(), events.Select(found => found.Target.ItemId).Order());
        Assert.Empty(harness.Published.Select<EnrolmentOutcome>(Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Consume_EncoderDoesNotHeal_EveryItemEndsInAFailedOutcome(int retries)
    {
        var encoder = new FlakyEncoder(_encoder, int.MaxValue, FailureReason.Internal);
        await using var provider = Build(encoder, retries);
        var harness = await StartAsync(provider);
        List<EncodeFace> commands = [Commands.Encode(1), Commands.Encode(2), Commands.Encode(3)];

        await harness.Bus.PublishBatch(commands, Cancellation);

        var outcomes = await WaitForAsync<EnrolmentOutcome>(harness, 3);
        Assert.Equal(commands.Select(command => command.Target.ItemId).Order(), outcomes.Select(found => found.Target.ItemId).Order());
        Assert.All(outcomes, outcome => Assert.Equal("INTERNAL", outcome.ErrorReason));
        Assert.Empty(harness.Published.Select<FaceEncoded>(Cancellation));
        Assert.Empty(harness.Published.Select<Fault<EncodeFace>>(Cancellation));
        Assert.Equal(3 * (retries + 1), encoder.Calls);
    }

    public void Dispose() => _encoder.Dispose();

    private static ServiceProvider Build(IFaceEncoder encoder, int retries = 5)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(encoder);
        services.Configure<EncoderOptions>(options =>
        {
            options.Retries = retries;
            options.RetryPause = TimeSpan.FromMilliseconds(10);
            options.LongestRetryPause = TimeSpan.FromMilliseconds(50);
            options.MessageWait = TimeSpan.FromMilliseconds(200);
        });
        services.AddMassTransitTestHarness(bus => bus.AddEncoderConsumers());
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static async Task<ITestHarness> StartAsync(IServiceProvider provider)
    {
        var harness = provider.GetRequiredService<ITestHarness>();
        await harness.Start();
        return harness;
    }

    // Waits until that many are published, and returns all there are.
    private static async Task<List<TMessage>> WaitForAsync<TMessage>(ITestHarness harness, int count)
        where TMessage : class
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(Patience);
        var found = 0;
        await foreach (var _ in harness.Published.SelectAsync<TMessage>(timeout.Token))
        {
            if (++found == count)
            {
                break;
            }
        }

        return [.. harness.Published.Select<TMessage>(new CancellationToken(canceled: true)).Select(published => published.Context.Message)];
    }
}
