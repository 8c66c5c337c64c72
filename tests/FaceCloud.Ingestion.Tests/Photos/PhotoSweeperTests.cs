using FaceCloud.Ingestion.Photos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FaceCloud.Ingestion.Tests.Photos;

public sealed class PhotoSweeperTests
{
    [Fact]
    public async Task Sweep_PhotoOfAPendingItemAndALeftover_OnlyTheLeftoverGoes()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await IngestionHost.StartAsync(
            services: services => services.AddSingleton<TimeProvider>(time),
            settings: new() { ["Ingestion:PhotoSweepInterval"] = "7.00:00:00" },
            withConsumers: false);
        await host.StartJobAsync();
        var item = await host.Client.UploadPhotoAsync(IngestionHost.Photo([1]));
        await host.Photos.SaveAsync(PhotoKeys.Of(Guid.NewGuid()), new byte[] { 2 }, CancellationToken.None);
        Assert.Equal(2, host.StoredPhotos().Count);

        await host.PhotoSweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(2, host.StoredPhotos().Count);
        time.Advance(TimeSpan.FromDays(1.1));
        await host.PhotoSweeper.SweepAsync(CancellationToken.None);

        Assert.Equal([PhotoKeys.Of(Guid.Parse(item.ItemId))], host.StoredPhotos());
    }
}
