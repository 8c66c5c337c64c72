using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Ingestion.Tests.Consumers;

/// <summary>Whatever fails for good, wherever: the item ends as FAILED, with the failure's own reason where it has one.</summary>
public sealed class EnrolmentFaultConsumerTests
{
    private static readonly FailureException Away = new(FailureReason.EncoderUnavailable, "The encoder does not answer.", new IOException("no route"));

    [Fact]
    public async Task CropFaces_PhotoStoreBroken_FailedInternalWithoutDetails()
    {
        await using var host = await IngestionHost.StartAsync(
            services: services => services.AddSingleton<IPhotoStore>(new BrokenPhotoStore(new IOException("disk on fire"))));

        var item = await EnrolOneAsync(host);

        Assert.Equal("INTERNAL", item.ErrorReason);
        Assert.DoesNotContain("fire", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CropFaces_FailureThatDidNotHeal_ItsReason()
    {
        var failure = new FailureException(FailureReason.StoreUnavailable, "The photo store does not answer.");
        await using var host = await IngestionHost.StartAsync(services: services => services.AddSingleton<IPhotoStore>(new BrokenPhotoStore(failure)));

        var item = await EnrolOneAsync(host);

        Assert.Equal(("STORE_UNAVAILABLE", "The photo store does not answer."), (item.ErrorReason, item.Message));
    }

    [Fact]
    public async Task CropFaces_FailureThatHeals_Enrolled()
    {
        await using var host = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(),
            services => services.AddSingleton<IPhotoStore>(new BrokenPhotoStore(new IOException("disk away"), times: 1)));

        var item = await EnrolOneAsync(host);

        Assert.Equal(Protos.Gallery.V1.EnrolOutcome.Enrolled, item.Outcome);
    }

    [Fact]
    public async Task EncodeFace_Unknown_FailedInternal()
    {
        await using var host = await IngestionHost.StartAsync(bus =>
            bus.AddConsumer<BrokenEncoder>().Endpoint(endpoint => endpoint.Name = "broken-encoder"));

        var item = await EnrolOneAsync(host);

        Assert.Equal("INTERNAL", item.ErrorReason);
    }

    [Fact]
    public async Task EncodeFace_BatchFails_EveryItemWithTheReason()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<BrokenBatchEncoder>());
        await host.StartJobAsync();

        await host.UploadAsync(Enumerable.Range(1, 5).Select(seed => IngestionHost.Photo(TestPhotos.Person(seed))));
        var job = await host.CompleteAsync();

        Assert.Equal((5, 5), (job.Counts.Accepted, job.Counts.Failed));
        Assert.Equal(5, job.Counts.Reasons["ENCODER_UNAVAILABLE"]);
        Assert.All(await host.ItemsAsync(), item => Assert.Equal(Away.Message, item.Message));
    }

    [Fact]
    public async Task FaceEncoded_GalleryFails_ItsReason()
    {
        await using var host = await IngestionHost.StartAsync(bus =>
        {
            bus.AddConsumer<EncoderBeforeTheGallery>();
            bus.AddConsumer<BrokenGallery>();
        });

        var item = await EnrolOneAsync(host);

        Assert.Equal(("CONTRACT_MISMATCH", "Another model."), (item.ErrorReason, item.Message));
    }

    private static async Task<Item> EnrolOneAsync(IngestionHost host)
    {
        await host.StartJobAsync();
        await host.Client.UploadPhotoAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        await host.CompleteAsync();
        return Assert.Single(await host.ItemsAsync());
    }

    private sealed class BrokenPhotoStore(Exception exception, int times = int.MaxValue) : IPhotoStore
    {
        private byte[] _photo = [];
        private int _reads;

        public Task SaveAsync(string key, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken)
        {
            _photo = photo.ToArray();
            return Task.CompletedTask;
        }

        public Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken) =>
            _reads++ < times ? Task.FromException<byte[]>(exception) : Task.FromResult(_photo);

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int> SweepAsync(
            DateTimeOffset savedBefore, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlySet<string>>> stillNeeded, CancellationToken cancellationToken) =>
            Task.FromResult(0);

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class BrokenEncoder : IConsumer<EncodeFace>
    {
        public Task Consume(ConsumeContext<EncodeFace> context) => throw new InvalidOperationException("A bug.");
    }

    private sealed class BrokenBatchEncoder : IConsumer<Batch<EncodeFace>>
    {
        public Task Consume(ConsumeContext<Batch<EncodeFace>> context) => throw Away;
    }

    private sealed class EncoderBeforeTheGallery : IConsumer<EncodeFace>
    {
        public Task Consume(ConsumeContext<EncodeFace> context) => context.Publish(new FaceEncoded
        {
            Target = context.Message.Target,
            Embedding = new byte[4 * TestModels.Dimension],
            EmbeddingContract = "test:000000000000",
            Box = context.Message.Box,
            Quality = context.Message.Quality,
        });
    }

    private sealed class BrokenGallery : IConsumer<FaceEncoded>
    {
        public Task Consume(ConsumeContext<FaceEncoded> context) =>
            throw new FailureException(FailureReason.ContractMismatch, "Another model.");
    }
}
