using FaceCloud.Gallery.Index;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Gallery.Tests.Index;

public sealed class RestartTests
{
    [Fact]
    public async Task Start_OnAFilledStore_SearchesAsBefore()
    {
        using var folder = new TemporaryFolder();
        var request = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1, 1)), IncludeBelowThreshold = true };
        IdentifyResponse before;
        await using (var host = await GalleryHost.StartAsync(folder))
        {
            await host.EnrolAsync("ada", TestPhotos.Person(1));
            await host.EnrolAsync("bob", TestPhotos.Person(2));
            await host.EnrolAsync("gone", TestPhotos.Person(3));
            await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "gone" });
            before = await host.Client.IdentifyAsync(request);
        }

        await using var again = await GalleryHost.StartAsync(folder, withGallery: false);
        var after = await again.Client.IdentifyAsync(request);

        Assert.Equal(IdentifyOutcome.Recognized, after.Outcome);
        Assert.Equal(before.Faces, after.Faces);
        Assert.Equal(before.Threshold, after.Threshold);
    }

    [Fact]
    public async Task Calls_BeforeTheIndexIsLoaded_UnavailableAndHealthSaysSo()
    {
        using var folder = new TemporaryFolder();
        await using (var host = await GalleryHost.StartAsync(folder))
        {
            await host.EnrolAsync("ada", TestPhotos.Person(1));
        }

        var index = new WatchedIndex { Loading = new TaskCompletionSource() };
        await using var again = await GalleryHost.StartAsync(
            folder,
            services => services.AddSingleton<IFaceIndex>(index),
            new() { ["Gallery:IndexWait"] = "00:00:00.010" },
            withGallery: false);
        var request = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)) };
        await Grpc.Failures.AssertFailsAsync(StatusCode.Unavailable, "STORE_UNAVAILABLE", again.Client.IdentifyAsync(request));
        var loading = await again.Http.GetAsync("/health", TestContext.Current.CancellationToken);
        index.Loading.SetResult();
        await index.Replaced.Task;
        await again.Services.GetRequiredService<IndexState>().WaitAsync(TestContext.Current.CancellationToken);
        var loaded = await again.Http.GetAsync("/health", TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, loading.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, loaded.StatusCode);
        Assert.Equal(IdentifyOutcome.Recognized, (await again.Client.IdentifyAsync(request)).Outcome);
    }

    // Whether the store's commit happened is not known when it fails: the gallery is read again.
    [Fact]
    public async Task Write_IndexFails_IsReadAgainFromTheStore()
    {
        var index = new WatchedIndex();
        await using var host = await GalleryHost.StartAsync(services: services => services.AddSingleton<IFaceIndex>(index));
        index.FailNext();

        await Assert.ThrowsAsync<RpcException>(() => host.EnrolAsync("ada", TestPhotos.Person(1)));
        await index.Replaced.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(new IndexSize(1, 1), await index.GetSizeAsync(GalleryHost.StaffKey, CancellationToken.None));
        Assert.Equal(EnrolOutcome.Duplicate, (await host.EnrolAsync("ada", TestPhotos.Person(1))).Outcome);
    }
}
