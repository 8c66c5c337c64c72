using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FaceCloud.Contracts.Failures;
using FaceCloud.FakeQdrant;
using FaceCloud.Gallery.Index.Qdrant;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Tests.Index.Contract;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Gallery.Tests.Index.Qdrant;

/// <summary>Keys and certificates.</summary>
public sealed class QdrantSecurityTests
{
    private const string Key = "s3cret-key-of-the-tests";

    private static readonly GalleryKey Gallery = new("default", "staff");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prepare_RightKey_IsSentWithEveryCall()
    {
        await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { ApiKey = Key });
        using var connection = QdrantConnection.To(server, options => options.ApiKey = Key);

        await connection.Open(new TestFacts()).PrepareAsync(Gallery, TestFacts.Space(8), Token);

        Assert.NotEmpty(server.Calls);
        Assert.All(server.Calls, call => Assert.Equal(Key, call.Headers["api-key"]));
    }

    // A key that may only read lets a search pass; it must be found out before the store is written to.
    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("reader")]
    public async Task Prepare_NoOrWrongOrReadOnlyKey_IsRefused(string? key)
    {
        await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { ApiKey = Key, ReadOnlyKey = "reader" });
        using (var owner = QdrantConnection.To(server, options => options.ApiKey = Key))
        {
            await owner.Open(new TestFacts()).PrepareAsync(Gallery, TestFacts.Space(8), Token);
        }

        using var connection = QdrantConnection.To(server, options => options.ApiKey = key);
        var failure = await Assert.ThrowsAsync<FailureException>(() => connection.Open(new TestFacts()).PrepareAsync(Gallery, TestFacts.Space(8), Token));

        Assert.Equal(FailureReason.IndexRefused, failure.Reason);
        Assert.Contains("Qdrant:ApiKey", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_GoodAndBad_LeaveNoKeyInTracesLogsOrFailures()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var log = new ConcurrentQueue<string>();
        using var loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new Lines(log)));
        await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { ApiKey = Key });
        using var good = new QdrantConnection(server.Address, options => options.ApiKey = Key, loggers.CreateLogger<QdrantChannel>());
        using var bad = new QdrantConnection(server.Address, options => options.ApiKey = Key + "x", loggers.CreateLogger<QdrantChannel>());

        await good.Open(new TestFacts()).PrepareAsync(Gallery, TestFacts.Space(8), Token);
        server.FailNext("Collections/ListAliases", global::Grpc.Core.StatusCode.Internal, detail: "broken");
        var broken = await Record.ExceptionAsync(() => good.Open(new TestFacts()).CheckAsync(Token));
        var refused = await Record.ExceptionAsync(() => bad.Open(new TestFacts()).CheckAsync(Token));

        Assert.NotEmpty(activities);
        Assert.NotEmpty(log);
        var words = activities.SelectMany(activity => activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(activity.DisplayName))
            .Concat(log)
            .Append($"{broken}")
            .Append($"{refused}");
        Assert.All(words, word => Assert.DoesNotContain(Key, word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_CertificateOfAnOwnCa_IsTrustedWhenItIsNamed()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Issue(folder, out var ca);
        await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { ApiKey = Key, Certificate = certificate });
        using var trusting = QdrantConnection.To(server, options => (options.ApiKey, options.CaFile) = (Key, ca));
        using var other = QdrantConnection.To(server, options => options.ApiKey = Key);

        await trusting.Open(new TestFacts()).PrepareAsync(Gallery, TestFacts.Space(8), Token);
        var failure = await Assert.ThrowsAsync<FailureException>(() => other.Open(new TestFacts()).CheckAsync(Token));

        Assert.Single(server.Collections);
        Assert.Equal(FailureReason.IndexUnavailable, failure.Reason);
        Assert.Contains("Qdrant:CaFile", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_CertificateOfSomebodyElse_IsNotTrusted()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Issue(folder, out _);
        using var elsewhere = new TemporaryFolder();
        using var unused = Issue(elsewhere, out var otherCa);
        await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { Certificate = certificate });
        using var connection = QdrantConnection.To(server, options => options.CaFile = otherCa);

        var failure = await Assert.ThrowsAsync<FailureException>(() => connection.Open(new TestFacts()).CheckAsync(Token));

        Assert.Equal(FailureReason.IndexUnavailable, failure.Reason);
        Assert.Empty(server.Calls);
    }

    private static X509Certificate2 Issue(TemporaryFolder folder, out string caFile)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Tests' own CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        caFile = Path.Combine(folder.Path, "ca.pem");
        File.WriteAllText(caFile, ca.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(ca, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
