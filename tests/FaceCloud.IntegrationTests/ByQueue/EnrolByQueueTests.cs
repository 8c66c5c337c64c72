using System.Diagnostics;
using System.Text.Json;
using FaceCloud.Contracts;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using EnrolOutcome = FaceCloud.Protos.Gallery.V1.EnrolOutcome;

namespace FaceCloud.IntegrationTests.ByQueue;

/// <summary>Enrolment by anyone who reaches the broker, as shared/docs/enrol-by-queue.md says.</summary>
public sealed class EnrolByQueueTests(SeparateDeployment system) : IClassFixture<SeparateDeployment>
{
    private const string Envelope = "application/vnd.masstransit+json";

    private static string Documentation => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "shared", "docs", "enrol-by-queue.md")).ReplaceLineEndings("\n");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> WrongOnEachQueue() => new()
    {
        { Queues.EnrollPhoto, "FaceCloud.Contracts.Commands:EnrollPhoto" },
        { Queues.CropFaces, "FaceCloud.Contracts.Commands:CropFaces" },
        { Queues.EncodeFace, "FaceCloud.Contracts.Commands:EncodeFace" },
        { Queues.FaceEncoded, "FaceCloud.Contracts.Events:FaceEncoded" },
        { Queues.EnrolmentOutcome, "FaceCloud.Contracts.Events:EnrolmentOutcome" },
        { Queues.EnrolmentFault, "MassTransit:Fault[[FaceCloud.Contracts.Commands:CropFaces]]" },
    };

    [Fact]
    public async Task Publish_ExampleInCSharp_OutcomeAsEventAndInTheJob()
    {
        var gallery = await system.CreateGalleryAsync(Cancelled);

        var outcome = JsonDocument.Parse(await EnrolByQueueExample.EnrolAsync(system.BrokerAddress, gallery, "ada", TestPhotos.Person(11), Cancelled)).RootElement;

        Assert.Equal("ENROLLED", outcome.GetProperty("outcome").GetString());
        await AssertEnrolledAsync(gallery, "ada", outcome);
    }

    [Fact]
    public async Task Publish_ExampleInPython_OutcomeAsEventAndInTheJob()
    {
        var python = PythonWithPika();
        Assert.SkipWhen(python is null, "There is no python3 with pika (apt-get install python3-pika).");
        using var folder = new OwnFolder("python");
        await File.WriteAllTextAsync(folder.File("enrol.py"), Block("python"), Cancelled);
        await File.WriteAllBytesAsync(folder.File("grace.jpg"), TestPhotos.Person(12), Cancelled);
        var gallery = await system.CreateGalleryAsync(Cancelled);

        await using var run = ChildProcess.Start("python", python!, [folder.File("enrol.py"), system.BrokerAddress.ToString(), gallery, "grace", folder.File("grace.jpg")]);
        var code = await run.WaitAsync(Cancelled);

        Assert.True(code == 0, run.Tail + system.Tails);
        var outcome = JsonDocument.Parse(run.Tail.Split('\n').Last(line => line.StartsWith('{'))).RootElement;
        Assert.Equal("ENROLLED", outcome.GetProperty("outcome").GetString());
        await AssertEnrolledAsync(gallery, "grace", outcome);
    }

    [Fact]
    public void Documentation_CodeInCSharp_IsTheCodeThatIsTested()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "FaceCloud.IntegrationTests", "ByQueue", "EnrolByQueueExample.cs")).ReplaceLineEndings("\n");

        var tested = source.Split("    // example\n")[1].Split("    // end of example")[0].Split('\n').Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line);

        Assert.Equal(string.Join('\n', tested).Trim(), Block("csharp").Trim());
    }

    [Fact]
    public async Task Publish_MassTransitEnvelopeIntoANamedJob_ItsItem()
    {
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = (await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled)).JobId;
        await using var client = await PlainClient.ConnectAsync(system.BrokerAddress, Cancelled);
        var message = JsonSerializer.Serialize(new { galleryId = gallery, jobId = job, personId = "mary", source = "envelope", photo = TestPhotos.Person(13), newField = "ignored" });

        await client.SendAsync(Queues.EnrollPhoto, Envelope, InEnvelope("FaceCloud.Contracts.Commands:EnrollPhoto", message), Cancelled);
        await system.UntilAsync(job, state => state.Counts.Enrolled == 1, Cancelled);

        Assert.Equal(("mary", "envelope"), Assert.Single(await system.ItemsAsync(job, Cancelled)) is var item ? (item.PersonId, item.Source) : default);
    }

    [Theory]
    [MemberData(nameof(WrongOnEachQueue))]
    public async Task Publish_WrongMessages_DeadLettersWithAReasonAndTheRestGoesOn(string queue, string messageType)
    {
        await using var client = await PlainClient.ConnectAsync(system.BrokerAddress, Cancelled);
        await client.TakeAllAsync(queue + Queues.ErrorSuffix, Cancelled);
        await client.TakeAllAsync(queue + Queues.SkippedSuffix, Cancelled);
        (string? ContentType, string Body)[] wrong =
        [
            (Envelope, "this is no JSON"),
            (Envelope, ""),
            (Envelope, "{}"),
            (null, "{\"target\":"),
            ("application/json", "[1, 2"),
            ("text/plain", "good day"),
            (Envelope, InEnvelope("Others:Thing", """{"value": 1}""")),
            (Envelope, InEnvelope(messageType, """{"target": 5, "version": "two", "message": 7}""")),
            (Envelope, InEnvelope(messageType, """{"target": {"tenantId": "default", "jobId": "none", "itemId": "no id"}, "version": {}, "message": []}""")),
        ];

        // A good job runs through the same queue meanwhile.
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = system.UploadAsync(gallery, Enumerable.Range(0, 12).Select(i => ($"person-{i}", TestPhotos.Person(700 + i))), Cancelled);
        foreach (var (contentType, body) in wrong)
        {
            await client.SendAsync(queue, contentType, body, Cancelled);
        }

        var completed = await system.UntilCompletedAsync(await job, Cancelled);
        var dead = new List<Dictionary<string, string>>();
        await Patience.UntilAsync(
            async cancelled =>
            {
                dead.AddRange(await client.TakeAllAsync(queue + Queues.ErrorSuffix, cancelled));
                dead.AddRange(await client.TakeAllAsync(queue + Queues.SkippedSuffix, cancelled));
                return dead.Count >= wrong.Length;
            },
            () => $"{dead.Count} of {wrong.Length} were dead-lettered.{Environment.NewLine}{system.Tails}",
            Cancelled);

        Assert.Equal(wrong.Length, dead.Count);
        Assert.All(dead, headers => Assert.NotEmpty(headers.GetValueOrDefault("MT-Fault-Message") ?? headers.GetValueOrDefault("MT-Reason") ?? ""));
        Assert.Equal(0u, await client.DepthAsync(queue, Cancelled));
        Assert.Equal((12L, 12L), (completed.Counts.Accepted, completed.Counts.Enrolled));
    }

    [Fact]
    public async Task Publish_WrongFieldsForAnItemThatIsThere_ItsOutcomeStands()
    {
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = await system.UploadAsync(gallery, [("ada", TestPhotos.Person(21))], Cancelled);
        await system.UntilCompletedAsync(job, Cancelled);
        var item = Assert.Single(await system.ItemsAsync(job, Cancelled));
        var target = $$"""{"tenantId": "default", "jobId": "{{job}}", "itemId": "{{item.ItemId}}", "galleryId": "{{gallery}}", "personId": "ada", "photoSha256": "00", "acceptedAt": "2026-01-01T00:00:00Z"}""";
        await using var client = await PlainClient.ConnectAsync(system.BrokerAddress, Cancelled);

        await client.SendAsync(Queues.CropFaces, Envelope, InEnvelope("FaceCloud.Contracts.Commands:CropFaces", $$"""{"target": {{target}}}"""), Cancelled);
        await client.SendAsync(Queues.EncodeFace, Envelope, InEnvelope("FaceCloud.Contracts.Commands:EncodeFace", $$"""{"target": {{target}}, "crop": "AAAA"}"""), Cancelled);
        await client.SendAsync(Queues.FaceEncoded, Envelope, InEnvelope("FaceCloud.Contracts.Events:FaceEncoded", $$"""{"target": {{target}}, "embedding": "AAAA"}"""), Cancelled);
        await client.SendAsync(Queues.EnrolmentOutcome, Envelope, InEnvelope("FaceCloud.Contracts.Events:EnrolmentOutcome", $$"""{"target": {{target}}, "outcome": 99}"""), Cancelled);

        // Once everything is through, a job that goes the same way is too.
        var next = await system.UploadAsync(gallery, [("grace", TestPhotos.Person(22))], Cancelled);
        await system.UntilCompletedAsync(next, Cancelled);
        var after = await system.JobAsync(job, Cancelled);

        Assert.Equal((1L, 1L, 0L), (after.Counts.Accepted, after.Counts.Enrolled, after.Counts.Failed));
        Assert.Equal(item, Assert.Single(await system.ItemsAsync(job, Cancelled)));
        Assert.Equal(2, (await system.FacesAsync(gallery, Cancelled)).Count);
    }

    private static string InEnvelope(string messageType, string message) =>
        $$"""{"messageId": "{{Guid.NewGuid()}}", "messageType": ["urn:message:{{messageType}}"], "message": {{message}}}""";

    private static string Block(string language) => Documentation.Split($"```{language}\n")[1].Split("```")[0];

    private static string? PythonWithPika() => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(python =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import pika"]) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    private async Task AssertEnrolledAsync(string gallery, string person, JsonElement outcome)
    {
        var job = await system.UntilAsync($"queue-{gallery}", state => state.Counts.Enrolled == 1, Cancelled);
        var item = Assert.Single(await system.ItemsAsync(job.JobId, Cancelled));
        var face = Assert.Single(await system.FacesAsync(gallery, Cancelled));
        Assert.Equal((person, EnrolOutcome.Enrolled, outcome.GetProperty("faceId").GetString()), (item.PersonId, item.Outcome, item.FaceId));
        Assert.Equal((face.FaceId, outcome.GetProperty("target").GetProperty("itemId").GetString()), (item.FaceId, item.ItemId));
        Assert.Equal(outcome.GetProperty("target").GetProperty("source").GetString(), item.Source);
        Assert.Equal((JobState.Open, 1L), (job.State, job.Counts.Accepted));
    }
}
