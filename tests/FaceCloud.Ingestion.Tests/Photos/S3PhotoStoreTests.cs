using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Amazon.S3;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Tests.Consumers;
using FaceCloud.Testing;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Tests.Photos;

public sealed class S3PhotoStoreTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Future = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private FakeS3 _s3 = null!;
    private S3PhotoStore _photos = null!;

    public async ValueTask InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync();
        _photos = Store();
    }

    public ValueTask DisposeAsync() => _s3.DisposeAsync();

    [Fact]
    public async Task Save_ThenRead_SameBytesUnderThePrefix()
    {
        var photo = Enumerable.Range(0, 300_000).Select(value => (byte)value).ToArray();

        await _photos.SaveAsync("abcd1234", photo, None);
        await _photos.SaveAsync("part1234", photo.AsMemory(10, 20), None);

        Assert.Equal(photo, await _photos.ReadAsync("abcd1234", None));
        Assert.Equal(photo[10..30], await _photos.ReadAsync("part1234", None));
        Assert.Equal(["photos/abcd1234", "photos/part1234"], _s3.Objects.Keys.Order());
    }

    [Fact]
    public async Task Save_SameKeyAgain_Replaces()
    {
        await _photos.SaveAsync("abcd1234", new byte[] { 1, 2, 3 }, None);
        await _photos.SaveAsync("abcd1234", new byte[] { 4 }, None);

        Assert.Equal([4], await _photos.ReadAsync("abcd1234", None));
    }

    [Fact]
    public async Task Read_NoSuchPhoto_PhotoNotFound()
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => _photos.ReadAsync("abcd1234", None));

        Assert.Equal(FailureReason.PhotoNotFound, failure.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("../abcd")]
    [InlineData("ABCD1234")]
    [InlineData("abcd\n")]
    public async Task AnyUse_KeyThatIsNoKey_AsksNobody(string key)
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => _photos.ReadAsync(key, None));
        await Assert.ThrowsAsync<ArgumentException>(() => _photos.SaveAsync(key, new byte[] { 1 }, None));
        await _photos.DeleteAsync(key, None);

        Assert.Equal(FailureReason.PhotoNotFound, failure.Reason);
        Assert.Equal(0, _s3.Requests);
    }

    [Fact]
    public async Task Delete_TwiceOrNeverSaved_IsFine()
    {
        await _photos.SaveAsync("abcd1234", new byte[] { 1 }, None);

        await _photos.DeleteAsync("abcd1234", None);
        await _photos.DeleteAsync("abcd1234", None);

        Assert.Empty(_s3.Objects);
    }

    [Fact]
    public async Task Sweep_OldYoungNeededAndForeignInPages_OnlyOldOnesNobodyNeedsGo()
    {
        var now = TimeProvider.System.GetUtcNow();
        _s3.PageSize = 2;
        foreach (var name in new[] { "photos/old1", "photos/old2", "photos/old3", "photos/needed", "photos/Foreign.txt", "other/old1" })
        {
            _s3.Objects[name] = ([1], now.AddDays(-3));
        }

        _s3.Objects["photos/young"] = ([1], now);

        var deleted = await _photos.SweepAsync(
            now.AddDays(-2), (keys, _) => Task.FromResult<IReadOnlySet<string>>(keys.Intersect(["needed"]).ToHashSet()), None);

        Assert.Equal(3, deleted);
        Assert.Equal(["other/old1", "photos/Foreign.txt", "photos/needed", "photos/young"], _s3.Objects.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Probe_WritesOneObjectThatNoSweepTakesForAPhoto()
    {
        await _photos.ProbeAsync(None);
        await _photos.ProbeAsync(None);

        Assert.Equal(0, await _photos.SweepAsync(Future, (_, _) => Task.FromResult<IReadOnlySet<string>>(new HashSet<string>()), None));
        Assert.Equal("photos/.probe", Assert.Single(_s3.Objects).Key);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task AnyUse_StoreInTrouble_StoreUnavailable(HttpStatusCode trouble)
    {
        _s3.Trouble = trouble;

        await AssertUnavailableAsync(_photos);
    }

    [Fact]
    public async Task AnyUse_WrongSecretWrongBucketOrNobodyThere_StoreUnavailable()
    {
        await AssertUnavailableAsync(Store(secretKey: "another"));
        await AssertUnavailableAsync(Store(bucket: "missing"));
        await AssertUnavailableAsync(Store(endpoint: "http://127.0.0.1:1"));
    }

    [Fact]
    public async Task WholeJob_PhotosInS3_EnrolledAndNoObjectLeft()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>(), settings: Settings());
        await host.StartJobAsync();

        var answer = await host.UploadAsync(Enumerable.Range(0, 4).Select(seed => IngestionHost.Photo(TestPhotos.Person(seed))));
        var job = await host.CompleteAsync();

        // A photo is deleted once its outcome is written, so the last one a little after the job's end.
        await Waiting.UntilAsync(() => Task.FromResult(!Left().Any()));

        Assert.IsType<S3PhotoStore>(host.Photos);
        Assert.Equal((4, 4), (answer.Accepted, job.Counts.Enrolled));
        Assert.Empty(Left());
        Assert.Empty(host.StoredPhotos());

        IEnumerable<string> Left() => _s3.Objects.Keys.Where(key => !key.EndsWith(".probe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_StoreAway_SaysSo()
    {
        await using var host = await IngestionHost.StartAsync(settings: Settings());
        var before = await PhotosHealthAsync(host);
        _s3.Trouble = HttpStatusCode.Forbidden;

        var after = await PhotosHealthAsync(host);

        Assert.Equal(("Healthy", "Unhealthy"), (before, after));
    }

    [Fact]
    public async Task Start_S3WithoutBucket_StopsWithItsName()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => IngestionHost.StartAsync(settings: new() { ["Ingestion:PhotoStore"] = "s3" }));

        Assert.Contains("Ingestion:S3:Bucket", failure.Message, StringComparison.Ordinal);
    }

    private static async Task AssertUnavailableAsync(S3PhotoStore photos)
    {
        Func<Task>[] uses =
        [
            () => photos.SaveAsync("abcd1234", new byte[] { 1 }, None),
            () => photos.ReadAsync("abcd1234", None),
            () => photos.DeleteAsync("abcd1234", None),
            () => photos.ProbeAsync(None),
            () => photos.SweepAsync(Future, (_, _) => Task.FromResult<IReadOnlySet<string>>(new HashSet<string>()), None),
        ];
        foreach (var use in uses)
        {
            var failure = await Assert.ThrowsAsync<FailureException>(use);
            Assert.Equal(FailureReason.StoreUnavailable, failure.Reason);
        }
    }

    private static async Task<string?> PhotosHealthAsync(IngestionHost host)
    {
        using var response = await host.Http.GetAsync("/health");
        var health = await response.Content.ReadFromJsonAsync<JsonElement>();
        return health.GetProperty("checks").GetProperty("photos").GetProperty("status").GetString();
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["Ingestion:PhotoStore"] = "s3",
        ["Ingestion:S3:Endpoint"] = _s3.Endpoint,
        ["Ingestion:S3:Bucket"] = "bucket",
        ["Ingestion:S3:AccessKey"] = FakeS3.AccessKey,
        ["Ingestion:S3:SecretKey"] = FakeS3.SecretKey,
        ["Ingestion:S3:Retries"] = "0",
    };

    private S3PhotoStore Store(string bucket = "bucket", string secretKey = FakeS3.SecretKey, string? endpoint = null)
    {
        var options = new S3Options
        {
            Endpoint = endpoint ?? _s3.Endpoint,
            Bucket = bucket,
            AccessKey = FakeS3.AccessKey,
            SecretKey = secretKey,
            Retries = 0,
        };
        return new S3PhotoStore(new Lazy<IAmazonS3>(options.Connect), Options.Create(options));
    }
}
