using System.Net;
using System.Net.Sockets;
using FaceCloud.Client.Tests.Testing;
using Grpc.Core;

namespace FaceCloud.Client.Tests;

public sealed class FailuresTests : IAsyncLifetime
{
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _server.Gallery.Fill("staff", "ada");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Call_UnknownGallery_ThrowsTheServersReasonAndSentenceAtOnce()
    {
        using var client = _server.Connect();

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => client.GetGalleryAsync("none"));

        Assert.Equal(StatusCode.NotFound, failure.Status);
        Assert.Equal("GALLERY_NOT_FOUND", failure.Reason);
        Assert.Equal("There is no gallery 'none'; create it first.", failure.Message);
        Assert.False(failure.IsTransient);
        Assert.Equal(1, _server.Traffic.Calls("GetGallery"));
    }

    [Fact]
    public async Task Call_ServerAwayForAMoment_IsRepeated()
    {
        using var client = _server.Connect();
        _server.Traffic.Fail("GetGallery", times: 3);

        var gallery = await client.GetGalleryAsync("staff");

        Assert.Equal("staff", gallery.GalleryId);
        Assert.Equal(4, _server.Traffic.Calls("GetGallery"));
    }

    [Fact]
    public async Task Call_LargePhotoAndServerAwayForAMoment_IsRepeated()
    {
        using var client = _server.Connect();
        _server.Traffic.Fail("Detect", times: 2);
        var photo = new byte[8 * 1024 * 1024];
        Array.Fill(photo, (byte)'a');

        var answer = await client.DetectAsync(photo);

        Assert.Equal(1, answer.FacesFound);
        Assert.Equal(3, _server.Traffic.Calls("Detect"));
    }

    [Fact]
    public async Task Call_ServerStaysAway_ThrowsAfterTheAttempts()
    {
        using var client = _server.Connect(options => options with { MaxAttempts = 2 });
        _server.Traffic.Fail("GetGallery", times: 100);

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => client.GetGalleryAsync("staff"));

        Assert.Equal(FailureReasons.Unreachable, failure.Reason);
        Assert.True(failure.IsTransient);
        Assert.Equal(2, _server.Traffic.Calls("GetGallery"));
    }

    [Fact]
    public async Task Call_OneAttempt_IsNotRepeated()
    {
        using var client = _server.Connect(options => options with { MaxAttempts = 1 });
        _server.Traffic.Fail("GetGallery", times: 1);

        await Assert.ThrowsAsync<FaceCloudException>(() => client.GetGalleryAsync("staff"));

        Assert.Equal(1, _server.Traffic.Calls("GetGallery"));
    }

    [Fact]
    public async Task Call_NobodyListens_ThrowsUnreachableWithTheAddress()
    {
        using var client = new FaceCloudClient(new FaceCloudClientOptions { Server = new Uri(ClosedAddress()), RetryDelay = TimeSpan.FromMilliseconds(1) });

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => client.GetGalleryAsync("staff"));

        Assert.Equal(FailureReasons.Unreachable, failure.Reason);
        Assert.Equal(StatusCode.Unavailable, failure.Status);
        Assert.Contains(client.Server.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_PortWithoutGrpc_ThrowsUnreachable()
    {
        using var client = new FaceCloudClient(new FaceCloudClientOptions { Server = new Uri(_server.HttpAddress), RetryDelay = TimeSpan.FromMilliseconds(1) });

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => client.GetGalleryAsync("staff"));

        Assert.Equal(FailureReasons.Unreachable, failure.Reason);
    }

    [Fact]
    public async Task Call_Cancelled_ThrowsCancellationAndTheServerSeesIt()
    {
        using var client = _server.Connect();
        using var stop = new CancellationTokenSource();
        _server.Traffic.Hang("Detect");

        var call = client.DetectAsync(FakePhoto.Of("ada"), cancellationToken: stop.Token);
        await _server.Traffic.Reached;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _server.Traffic.Abandoned;
    }

    [Fact]
    public async Task Call_PastItsDeadline_ThrowsDeadlineExceeded()
    {
        using var client = _server.Connect(options => options with { PhotoDeadline = TimeSpan.FromMilliseconds(50) });
        _server.Traffic.Hang("Detect");

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => client.DetectAsync(FakePhoto.Of("ada")));

        Assert.Equal(FailureReasons.DeadlineExceeded, failure.Reason);
        Assert.Equal(StatusCode.DeadlineExceeded, failure.Status);
    }

    [Fact]
    public async Task Call_PhotoLargerThanAMessage_ThrowsWithoutSendingIt()
    {
        using var client = _server.Connect(options => options with { MaxMessageBytes = 1024 * 1024 });

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => client.DetectAsync(new byte[1024 * 1024]));

        Assert.Equal(FailureReasons.PhotoTooLarge, failure.Reason);
        Assert.Equal(0, _server.Traffic.Calls("Detect"));
    }

    [Fact]
    public async Task Call_NotOffered_SaysSo()
    {
        using var client = _server.Connect();

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => client.UpsertPersonAsync(new() { GalleryId = "none" }));
        var bare = await Assert.ThrowsAsync<RpcException>(async () => await client.Ingestion.UploadPhotoAsync(new()));

        Assert.Equal("GALLERY_NOT_FOUND", failure.Reason);
        Assert.Equal(StatusCode.Unimplemented, bare.StatusCode);
    }

    private static string ClosedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
