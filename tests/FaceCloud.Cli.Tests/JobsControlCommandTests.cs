using FaceCloud.Client;

namespace FaceCloud.Cli.Tests;

public sealed class JobsControlCommandTests : CliTests
{
    [Fact]
    public async Task PauseResumeCancel_OpenJob_AnswerTheJob()
    {
        await StartJobAsync();

        var (_, paused) = await Cli.RunJsonAsync("jobs", "pause", "night");
        var table = await Cli.RunAsync("jobs", "show", "night");
        var (_, resumed) = await Cli.RunJsonAsync("jobs", "resume", "night");
        var (code, cancelled) = await Cli.RunJsonAsync("jobs", "cancel", "night");
        var (ended, failure) = await Cli.RunJsonAsync("jobs", "pause", "night");

        Assert.True(paused.GetProperty("job").GetProperty("paused").GetBoolean());
        Assert.Contains("OPEN, paused", table.Output, StringComparison.Ordinal);
        Assert.False(resumed.GetProperty("job").GetProperty("paused").GetBoolean());
        Assert.Equal((0, "CANCELLED"), (code, cancelled.GetProperty("job").GetProperty("state").GetString()));
        Assert.Equal((2, "JOB_ENDED"), (ended, Reason(failure)));
    }

    [Fact]
    public async Task Retry_FailedPhotos_SaysHowMany()
    {
        Cli.Photo("people/ada/1.jpg", "damaged");
        Cli.Photo("people/ada/2.jpg", "damaged");
        var (_, enrolled) = await Cli.RunJsonAsync("enrol", Path.Combine(Cli.Folder, "people"));
        var job = enrolled.GetProperty("jobId").GetString()!;

        var (_, one) = await Cli.RunJsonAsync("jobs", "retry", job, "--item", "ada/ada/1.jpg");
        var (_, failed) = await Cli.RunJsonAsync("jobs", "items", job, "--reason", "PHOTO_DAMAGED");
        var plain = await Cli.RunAsync("jobs", "retry", job);

        Assert.Equal(1, one.GetProperty("retried").GetInt32());
        Assert.Equal("ada/2.jpg", Assert.Single(failed.GetProperty("items").EnumerateArray()).GetProperty("source").GetString());
        Assert.Contains("1 photo is tried again.", plain.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report.csv", "Csv of night")]
    [InlineData("report.JSON", "Json of night")]
    public async Task Report_ByEnding_IsWritten(string name, string content)
    {
        await StartJobAsync();
        var path = Path.Combine(Cli.Folder, name);

        var (code, json) = await Cli.RunJsonAsync("jobs", "report", "night", path);
        var (again, failure) = await Cli.RunJsonAsync("jobs", "report", "night", path);

        Assert.Equal(0, code);
        Assert.Equal(["file", "jobId", "bytes", "exitCode"], Fields(json));
        Assert.Equal(content, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal((2, "FILE_EXISTS"), (again, Reason(failure)));
    }

    [Fact]
    public async Task Report_UnknownEndingOrJob_ExitsTwoAndLeavesNoFile()
    {
        var ending = await Cli.RunAsync("jobs", "report", "night", Path.Combine(Cli.Folder, "report.xls"));
        var (code, json) = await Cli.RunJsonAsync("jobs", "report", "none", Path.Combine(Cli.Folder, "report.csv"));

        Assert.Equal((2, 2, "JOB_NOT_FOUND"), (ending.Code, code, Reason(json)));
        Assert.Empty(Directory.EnumerateFiles(Cli.Folder));
    }

    private async Task StartJobAsync()
    {
        using var client = Cli.Server.Connect();
        await client.StartJobAsync("default", new JobOptions { JobId = "night" });
    }
}
