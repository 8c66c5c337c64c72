using System.Net;
using FaceCloud.Ingestion.Tests.Grpc;
using FaceCloud.Ingestion.Tests.Photos;
using FaceCloud.Protos.Ingestion.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Ingestion.Tests.References;

/// <summary>Photos that are named in place of being sent: by path, object key and address.</summary>
public sealed class ReferencedPhotosTests : IDisposable
{
    private const int Most = 4096;

    private static readonly byte[] Photo = [1, 2, 3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_ByPath_SameItemAsTheBytes()
    {
        await using var host = await StartAsync(PathSettings());
        Write("in/ada/1.jpg", Photo);

        var byPath = await host.Client.UploadPhotoAsync(Reference(new() { Path = "ada/1.jpg" }));
        var bytes = await host.Client.UploadPhotoAsync(IngestionHost.Photo(Photo));

        Assert.Equal(bytes.ItemId, byPath.ItemId);
        Assert.Single(host.StoredPhotos());
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("ada/../../secret")]
    [InlineData("/etc/hostname")]
    [InlineData("link-out")]
    [InlineData("folder-out/secret")]
    [InlineData("ada\0")]
    [InlineData("")]
    [InlineData(".")]
    public async Task Upload_PathThatLeadsOut_NotAllowed(string path)
    {
        await using var host = await StartAsync(PathSettings());
        Write("secret", Photo);
        Write("in/ada/1.jpg", Photo);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "in", "link-out"), Path.Combine(_folder.Path, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "in", "folder-out"), _folder.Path);

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", async () =>
            await host.Client.UploadPhotoAsync(Reference(new() { Path = path })));
    }

    [Fact]
    public async Task Upload_MissingFolderTooLarge_EachItsReason()
    {
        await using var host = await StartAsync(PathSettings());
        Write("in/large.jpg", new byte[Most + 1]);
        Write("in/ada/1.jpg", Photo);

        await Failures.AssertFailsAsync(StatusCode.NotFound, "PHOTO_NOT_FOUND", async () => await host.Client.UploadPhotoAsync(Reference(new() { Path = "none.jpg" })));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "PHOTO_NOT_FOUND", async () => await host.Client.UploadPhotoAsync(Reference(new() { Path = "ada" })));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "PHOTO_TOO_LARGE", async () => await host.Client.UploadPhotoAsync(Reference(new() { Path = "large.jpg" })));
    }

    [Fact]
    public async Task Upload_BadReferencesInAStream_RefusedOneByOneAndTheRestTaken()
    {
        await using var host = await StartAsync(PathSettings());
        Write("in/1.jpg", Photo);

        var answer = await host.UploadAsync(
            Reference(new() { Path = "none.jpg" }),
            Reference(new() { Path = "../x" }),
            Reference(new() { Url = "http://127.0.0.1:1/" }),
            Reference(new() { ObjectKey = "a" }),
            Reference(new()),
            new UploadPhotoRequest(IngestionHost.Photo(Photo)) { Reference = new PhotoReference { Path = "1.jpg" } },
            Reference(new() { Path = "1.jpg" }));

        Assert.Equal(1, answer.Accepted);
        Assert.Equal(
            ["PHOTO_NOT_FOUND", "INVALID_ARGUMENT", "REFERENCE_NOT_ALLOWED", "REFERENCE_NOT_ALLOWED", "INVALID_ARGUMENT", "INVALID_ARGUMENT"],
            answer.Refused.Select(photo => photo.Reason));
    }

    [Fact]
    public async Task Upload_NothingAllowed_EveryKindSaysWhichSettingAllowsIt()
    {
        await using var host = await StartAsync([]);

        foreach (var (reference, setting) in new[]
        {
            (new PhotoReference { Path = "a" }, "Ingestion:ImportDirectory"),
            (new PhotoReference { ObjectKey = "a" }, "Ingestion:References:Bucket"),
            (new PhotoReference { Url = "https://example.org/a.jpg" }, "Ingestion:References:Urls"),
        })
        {
            var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.UploadPhotoAsync(Reference(reference)));
            Assert.Contains(setting, failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Upload_ByObjectKey_OnlyOfTheBucketAndPrefix()
    {
        await using var s3 = await FakeS3.StartAsync("people");
        s3.Objects["in/ada.jpg"] = (Photo, TimeProvider.System.GetUtcNow());
        s3.Objects["in/large.jpg"] = (new byte[Most + 1], TimeProvider.System.GetUtcNow());
        s3.Objects["secret"] = (Photo, TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(new()
        {
            ["Ingestion:References:Bucket"] = "people",
            ["Ingestion:References:ObjectPrefix"] = "in/",
            ["Ingestion:S3:Endpoint"] = s3.Endpoint,
            ["Ingestion:S3:AccessKey"] = FakeS3.AccessKey,
            ["Ingestion:S3:SecretKey"] = FakeS3.SecretKey,
            ["Ingestion:S3:Retries"] = "0",
        });

        var item = await host.Client.UploadPhotoAsync(Reference(new() { ObjectKey = "in/ada.jpg" }));

        Assert.Equal(ItemState.Accepted, item.State);
        await Failures.AssertFailsAsync(StatusCode.NotFound, "PHOTO_NOT_FOUND", async () => await host.Client.UploadPhotoAsync(Reference(new() { ObjectKey = "in/none" })));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "PHOTO_TOO_LARGE", async () => await host.Client.UploadPhotoAsync(Reference(new() { ObjectKey = "in/large.jpg" })));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "REFERENCE_NOT_ALLOWED", async () => await host.Client.UploadPhotoAsync(Reference(new() { ObjectKey = "secret" })));
        s3.Trouble = HttpStatusCode.Forbidden;
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "REFERENCE_UNREADABLE", async () => await host.Client.UploadPhotoAsync(Reference(new() { ObjectKey = "in/ada.jpg" })));
    }

    [Fact]
    public async Task Upload_ByUrl_EachAnswerItsReason()
    {
        await using var web = await StartWebAsync();
        await using var host = await StartAsync(new()
        {
            ["Ingestion:References:Urls"] = "true",
            ["Ingestion:References:PrivateUrls"] = "true",
            ["Ingestion:References:UrlTimeout"] = "00:00:02",
        });

        var item = await host.Client.UploadPhotoAsync(Reference(new() { Url = $"{web.Urls.First()}/photo" }));

        Assert.Equal(ItemState.Accepted, item.State);
        await FailsAsync(StatusCode.NotFound, "PHOTO_NOT_FOUND", "none");
        await FailsAsync(StatusCode.FailedPrecondition, "REFERENCE_UNREADABLE", "redirect");
        await FailsAsync(StatusCode.FailedPrecondition, "REFERENCE_UNREADABLE", "hang");
        await FailsAsync(StatusCode.InvalidArgument, "PHOTO_TOO_LARGE", "endless");
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "REFERENCE_UNREADABLE", async () =>
            await host.Client.UploadPhotoAsync(Reference(new() { Url = "http://127.0.0.1:1/" })));

        Task FailsAsync(StatusCode status, string reason, string path) => Failures.AssertFailsAsync(status, reason, async () =>
            await host.Client.UploadPhotoAsync(Reference(new() { Url = $"{web.Urls.First()}/{path}" })));
    }

    [Theory]
    [InlineData("http://127.0.0.1/a.jpg")]
    [InlineData("http://localhost/a.jpg")]
    [InlineData("http://[::1]/a.jpg")]
    [InlineData("http://[::ffff:127.0.0.1]/a.jpg")]
    [InlineData("http://2130706433/a.jpg")]
    [InlineData("http://0x7f.1/a.jpg")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/a.jpg")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/a.jpg")]
    [InlineData("https://user:password@example.org/a.jpg")]
    [InlineData("not an address")]
    public async Task Upload_UrlOfThisNetworkOrNoUrl_NotAllowed(string url)
    {
        await using var host = await StartAsync(new() { ["Ingestion:References:Urls"] = "true" });

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "REFERENCE_NOT_ALLOWED", async () =>
            await host.Client.UploadPhotoAsync(Reference(new() { Url = url })));
    }

    private static UploadPhotoRequest Reference(PhotoReference reference) => new() { JobId = "load", PersonId = "ada", Reference = reference };

    private static async Task<IngestionHost> StartAsync(Dictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(settings) { ["Vision:MaxPhotoBytes"] = $"{Most}" };
        var host = await IngestionHost.StartAsync(settings: all, withConsumers: false);
        await host.StartJobAsync();
        return host;
    }

    private static async Task<WebApplication> StartWebAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        web.MapGet("/photo", () => Results.Bytes(Photo, "image/jpeg"));
        web.MapGet("/redirect", () => Results.Redirect("/photo"));
        web.MapGet("/hang", (CancellationToken cancelled) => Task.Delay(Timeout.Infinite, cancelled));
        web.MapGet("/endless", async (HttpResponse response) =>
        {
            while (!response.HttpContext.RequestAborted.IsCancellationRequested)
            {
                await response.Body.WriteAsync(new byte[1024]);
            }
        });
        await web.StartAsync();
        return web;
    }

    private Dictionary<string, string?> PathSettings() => new() { ["Ingestion:ImportDirectory"] = Path.Combine(_folder.Path, "in") };

    private void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
