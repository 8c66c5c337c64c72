using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Tests.Messaging;

public sealed class InMemoryTests
{
    private const int Limit = 1024;

    [Fact]
    public async Task Publish_RightAfterStart_IsConsumed()
    {
        var work = new Work();
        work.Open();
        using var host = await StartAsync(work);

        await host.Services.GetRequiredService<IBus>().Publish(Crop());
        await work.DoneAsync(1);

        Assert.Equal(MessagingTransport.InMemory, host.Services.GetRequiredService<IOptions<MessagingOptions>>().Value.Transport);
    }

    [Fact]
    public async Task Publish_EncoderIsSlow_WaitsInsteadOfFillingMemory()
    {
        var work = new Work();
        using var host = await StartAsync(work);
        var bus = host.Services.GetRequiredService<IBus>();

        var published = Enumerable.Range(0, 3 * Limit).Select(_ => bus.Publish(Crop())).ToArray();
        await Task.WhenAll(published[..Limit]);
        var waiting = published.Count(task => !task.IsCompleted);
        work.Open();
        await Task.WhenAll(published);
        await work.DoneAsync(3 * Limit);

        Assert.Equal(2 * Limit, waiting);
    }

    [Fact]
    public async Task Publish_EncoderFails_PlacesComeBack()
    {
        var work = new Work { Fails = true };
        work.Open();
        using var host = await StartAsync(work);
        var bus = host.Services.GetRequiredService<IBus>();

        await Task.WhenAll(Enumerable.Range(0, 3 * Limit).Select(_ => bus.Publish(Crop())));
        await work.DoneAsync(3 * Limit);

        Assert.True(work.Fails);
    }

    private static async Task<IHost> StartAsync(Work work)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddMessaging(
            bus => bus.AddConsumer<SlowEncoder>(consumer => consumer.Options<BatchOptions>(batch => batch.SetMessageLimit(16).SetTimeLimit(10).SetConcurrencyLimit(4)))
                .Endpoint(endpoint => endpoint.Name = Queues.EncodeFace),
            MessagingTransport.InMemory);
        builder.Services.AddSingleton(work);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static EncodeFace Crop() => new()
    {
        Crop = new byte[16],
        Box = default,
        Quality = new FaceQuality { Score = 1, Sharpness = 1, Brightness = 1, Yaw = 0, Pitch = 0, Roll = 0, Reasons = [] },
        Target = new EnrolmentTarget
        {
            TenantId = Tenants.Default,
            JobId = "load",
            ItemId = Guid.NewGuid(),
            GalleryId = "staff",
            PersonId = "ada",
            PhotoSha256 = "00",
            AcceptedAt = DateTimeOffset.UnixEpoch,
        },
    };

    internal sealed class Work
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _done;

        public bool Fails { get; init; }

        public void Open() => _gate.SetResult();

        public async Task DoAsync(int crops, CancellationToken cancellationToken)
        {
            await _gate.Task.WaitAsync(cancellationToken);
            Interlocked.Add(ref _done, crops);
            if (Fails)
            {
                throw new InvalidOperationException("For good.");
            }
        }

        public async Task DoneAsync(int crops)
        {
            while (Volatile.Read(ref _done) < crops)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    internal sealed class SlowEncoder(Work work) : IConsumer<Batch<EncodeFace>>
    {
        public Task Consume(ConsumeContext<Batch<EncodeFace>> context) => work.DoAsync(context.Message.Length, context.CancellationToken);
    }
}
