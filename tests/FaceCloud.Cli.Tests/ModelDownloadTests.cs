using System.Net;
using FaceCloud.Cli.Models;

namespace FaceCloud.Cli.Tests;

public sealed class ModelDownloadTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facecloud-download-").FullName;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly byte[] _content = new byte[3_000_000];
    private FileServer _server = null!;

    private PartFile Part => new(Path.Combine(_folder, "models", "model.onnx.part"));

    private Uri Url => _server.Url("model.onnx");

    public async ValueTask InitializeAsync()
    {
        new Random(1).NextBytes(_content);
        _server = await FileServer.StartAsync();
        _server.Content = _content;
    }

    [Fact]
    public async Task Fetch_WholeFile_ReportsUpToItsSize()
    {
        var reports = new List<(long Done, long? Total)>();

        await FetchAsync((done, total) => reports.Add((done, total)));

        Assert.Equal(_content, File.ReadAllBytes(Part.Path));
        Assert.Equal((0, _content.Length), reports[0]);
        Assert.Equal((_content.Length, _content.Length), reports[^1]);
    }

    [Fact]
    public async Task Fetch_ConnectionCutTwice_GoesOnWhereItWas()
    {
        _server.Cuts.Enqueue(1_000_000);
        _server.Cuts.Enqueue(500_000);

        await FetchAsync();

        Assert.Equal(_content, File.ReadAllBytes(Part.Path));
        Assert.Equal(3, _server.Ranges.Count);
        Assert.Equal("", _server.Ranges.First());
        Assert.All(_server.Ranges.Skip(1), range => Assert.Matches("^bytes=[1-9][0-9]*-$", range));
    }

    [Fact]
    public async Task Fetch_CutAgainAndAgain_SaysHowToGoOnAndTheNextRunDoes()
    {
        for (var i = 0; i < 4; i++)
        {
            _server.Cuts.Enqueue(200_000);
        }

        var failure = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        var kept = Part.Length;
        Assert.Equal((ExitCode.Unreachable, "DOWNLOAD_FAILED"), (failure.ExitCode, failure.Reason));
        Assert.Contains($"{kept} bytes are kept", failure.Message, StringComparison.Ordinal);
        Assert.InRange(kept, 1, _content.Length - 1);

        await FetchAsync();

        Assert.Equal(_content, File.ReadAllBytes(Part.Path));
        Assert.Equal($"bytes={kept}-", _server.Ranges.Last());
    }

    [Fact]
    public async Task Fetch_LastModifiedInsteadOfATag_GoesOnToo()
    {
        (_server.ETag, _server.LastModified) = (null, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        _server.Cuts.Enqueue(1_000_000);

        await FetchAsync();

        Assert.Equal(_content, File.ReadAllBytes(Part.Path));
        Assert.NotEqual("", _server.Ranges.Last());
    }

    [Fact]
    public async Task Fetch_FileChangedSinceTheCut_StartsOver()
    {
        await CutOffAsync();
        var other = new byte[2_000_000];
        new Random(2).NextBytes(other);
        (_server.Content, _server.ETag) = (other, "\"second\"");

        await FetchAsync();

        Assert.Equal(other, File.ReadAllBytes(Part.Path));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"weak\"")]
    public async Task Fetch_CutWithoutAStrongTag_KeepsNothing(string? tag)
    {
        _server.ETag = tag;
        _server.Cuts.Enqueue(1_000_000);

        var failure = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        Assert.Contains("nothing is kept", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "models")));
    }

    [Fact]
    public async Task Fetch_AnotherAddressTheSecondTime_StartsOver()
    {
        await CutOffAsync();

        await new ModelDownload(_http, TimeProvider.System, TimeSpan.Zero)
            .FetchAsync(_server.Url("mirror.onnx"), Part, null, TestContext.Current.CancellationToken);

        Assert.Equal("", _server.Ranges.Last());
        Assert.Equal(_content, File.ReadAllBytes(Part.Path));
    }

    [Fact]
    public async Task Fetch_AllThereAlready_AsksOnceAndKeepsIt()
    {
        await FetchAsync();

        await FetchAsync();

        Assert.Equal($"bytes={_content.Length}-", _server.Ranges.Last());
        Assert.Equal(_content, File.ReadAllBytes(Part.Path));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, ExitCode.BadInput, "404")]
    [InlineData(HttpStatusCode.Forbidden, ExitCode.BadInput, "403")]
    [InlineData(HttpStatusCode.ServiceUnavailable, ExitCode.Unreachable, "try again later")]
    [InlineData(HttpStatusCode.TooManyRequests, ExitCode.Unreachable, "try again later")]
    internal async Task Fetch_ServerRefuses_SaysWhatItAnswers(HttpStatusCode status, ExitCode code, string said)
    {
        _server.Status = status;

        var failure = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        Assert.Equal(code, failure.ExitCode);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains("/models/model.onnx", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_NobodyThere_IsUnreachable()
    {
        var gone = Url;
        await _server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<DownloadException>(() =>
            new ModelDownload(_http, TimeProvider.System, TimeSpan.Zero).FetchAsync(gone, Part, null, TestContext.Current.CancellationToken));

        Assert.Equal((ExitCode.Unreachable, "UNREACHABLE"), (failure.ExitCode, failure.Reason));
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", "anything")]
    [InlineData("application/octet-stream", "\n <!DOCTYPE html><html>Sign in</html>")]
    public async Task Fetch_WebPage_IsRefusedAndNotKept(string type, string text)
    {
        (_server.ContentType, _server.Content) = (type, System.Text.Encoding.UTF8.GetBytes(text));

        var failure = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        Assert.Equal(ExitCode.BadInput, failure.ExitCode);
        Assert.Contains("web page", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Part.Path));
    }

    [Fact]
    public async Task Fetch_Empty_IsRefused()
    {
        _server.Content = [];

        Assert.Contains("empty", (await Assert.ThrowsAsync<DownloadException>(() => FetchAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_FolderThatCannotBeWritten_SaysSo()
    {
        File.WriteAllText(Path.Combine(_folder, "models"), "a file where the folder should be");

        var failure = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        Assert.Equal(ExitCode.BadInput, failure.ExitCode);
        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
    }

    // /dev/full takes nothing: what a full disk does.
    [Fact]
    public void IsDiskFull_FullDisk_IsToldFromOtherTrouble()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");

        var full = Assert.ThrowsAny<IOException>(() =>
        {
            using var file = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(_content, 0, 100);
        });

        Assert.True(ModelDownload.IsDiskFull(full));
        Assert.False(ModelDownload.IsDiskFull(Assert.ThrowsAny<IOException>(() => File.ReadAllText(Path.Combine(_folder, "nothing")))));
    }

    [Theory]
    [InlineData("http://example.org/m.onnx", false, false)]
    [InlineData("http://example.org/m.onnx", true, true)]
    [InlineData("https://example.org/m.onnx", false, true)]
    [InlineData("http://localhost:5/m.onnx", false, true)]
    [InlineData("http://127.0.0.1:5/m.onnx", false, true)]
    public void RequireSafe_Address_HttpOnlyToThisMachineOrAskedFor(string url, bool insecure, bool fine) =>
        Assert.Equal(fine, Record.Exception(() => ModelDownload.RequireSafe(new Uri(url), insecure)) is null);

    [Fact]
    public void Shown_AddressWithSecrets_LeavesThemOut() =>
        Assert.Equal("https://example.org/a b/m.onnx", ModelDownload.Shown(new Uri("https://ada:secret@example.org/a%20b/m.onnx?token=secret#x")));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task FetchAsync(Action<long, long?>? report = null) =>
        new ModelDownload(_http, TimeProvider.System, TimeSpan.Zero).FetchAsync(Url, Part, report, TestContext.Current.CancellationToken);

    private async Task CutOffAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            _server.Cuts.Enqueue(200_000);
        }

        await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());
    }
}
