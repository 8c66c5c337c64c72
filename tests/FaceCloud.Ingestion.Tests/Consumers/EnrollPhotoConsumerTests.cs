using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Tests.Photos;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Ingestion.Tests.Consumers;

public sealed class EnrollPhotoConsumerTests
{
    private const string Standing = "queue-staff";

    [Fact]
    public async Task Consume_PhotoInTheMessage_ItemOfTheStandingJobAndOutcome()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());

        await host.Harness.Bus.Publish(Message() with { Source = "mine" });
        var outcome = await OutcomeAsync(host, "mine");
        await host.CompleteAsync(Standing);

        var item = Assert.Single(await host.ItemsAsync(Standing));
        Assert.Equal((EnrolOutcome.Enrolled, "ada", Standing), (outcome.Outcome, outcome.Target.PersonId, outcome.Target.JobId));
        Assert.Equal((item.ItemId, item.FaceId, item.Source), (outcome.Target.ItemId.ToString(), outcome.FaceId.ToString(), "mine"));
        Assert.Empty(host.StoredPhotos());
    }

    [Fact]
    public async Task Consume_SamePhotoAgain_OneItemAndTheOutcomeAgain()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.Harness.Bus.Publish(Message() with { Source = "first" });
        var first = await OutcomeAsync(host, "first");
        await Waiting.UntilAsync(async () => (await host.ItemsAsync(Standing)).All(item => item.State == ItemState.Finished));

        await host.Harness.Bus.Publish(Message() with { Source = "second" });
        var second = await OutcomeAsync(host, "second");

        Assert.Equal((first.Target.ItemId, first.FaceId, first.Outcome), (second.Target.ItemId, second.FaceId, second.Outcome));
        Assert.Equal(1, (await host.CompleteAsync(Standing)).Counts.Accepted);
    }

    [Fact]
    public async Task Consume_NamedJob_ItsItem()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync("mine");

        await host.Harness.Bus.Publish(Message() with { JobId = "mine" });
        await OutcomeAsync(host, "");

        Assert.Equal(1, (await host.CompleteAsync("mine")).Counts.Enrolled);
    }

    [Fact]
    public async Task Consume_WhatCannotBecomeAnItem_AnsweredWithTheReasonAndTheRestIsUnharmed()
    {
        using var import = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(import.Path, "people"));
        File.CreateSymbolicLink(Path.Combine(import.Path, "link"), "people");
        await using var host = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(), settings: new() { ["Ingestion:ImportDirectory"] = import.Path });
        await host.Client.StartJobAsync(new StartJobRequest { GalleryId = "another", JobId = "other" });
        await host.StartJobAsync("closed");
        await host.Client.CloseJobAsync(new CloseJobRequest { JobId = "closed" });
        var cases = Refused().Select((row, i) => (Source: $"case-{i}", row.Reason, row.Message)).ToList();

        foreach (var (source, _, message) in cases)
        {
            await host.Harness.Bus.Publish(message with { Source = message.Source ?? source });
        }

        await host.Harness.Bus.Publish(Message() with { Source = "good" });

        foreach (var (source, reason, message) in cases)
        {
            var outcome = await OutcomeAsync(host, (message.Source ?? source)[..Math.Min(1024, (message.Source ?? source).Length)]);
            Assert.Equal((EnrolOutcome.Failed, reason, Guid.Empty), (outcome.Outcome, outcome.ErrorReason, outcome.Target.ItemId));
            Assert.NotEmpty(outcome.Message!);
        }

        Assert.Equal(EnrolOutcome.Enrolled, (await OutcomeAsync(host, "good")).Outcome);
        Assert.Equal(1, (await host.CompleteAsync(Standing)).Counts.Accepted);
    }

    [Fact]
    public async Task Consume_PathBelowTheImportFolder_EnrolledAndTheFileStays()
    {
        using var import = new TemporaryFolder();
        var file = Path.Combine(import.Path, "people", "ada", "1.jpg");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, TestPhotos.Person(1));
        await using var host = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(), settings: new() { ["Ingestion:ImportDirectory"] = import.Path });

        await host.Harness.Bus.Publish(Message() with { Photo = null, PhotoPath = "people/ada/1.jpg" });
        var outcome = await OutcomeAsync(host, "");

        Assert.Equal(EnrolOutcome.Enrolled, outcome.Outcome);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Consume_NoImportFolder_PathsAreRefused()
    {
        await using var host = await IngestionHost.StartAsync();

        await host.Harness.Bus.Publish(Message() with { Photo = null, PhotoPath = "ada.jpg" });
        var outcome = await OutcomeAsync(host, "");

        Assert.Equal(("INVALID_ARGUMENT", true), (outcome.ErrorReason, outcome.Message!.Contains("Ingestion:ImportDirectory", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Consume_StoreIsFullForAWhile_WaitsAndEnrols()
    {
        var photos = new FullPhotoStore(refusals: 7);
        await using var host = await IngestionHost.StartAsync(
            bus => bus.AddConsumer<PlayedEncoder>(), services => services.AddSingleton<IPhotoStore>(photos));

        await host.Harness.Bus.Publish(Message());
        var outcome = await OutcomeAsync(host, "");

        Assert.Equal((EnrolOutcome.Enrolled, 0), (outcome.Outcome, photos.RefusalsLeft));
    }

    [Theory]
    [InlineData("staff", "queue-staff")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123", null)]
    public void StandingJob_AnyGallery_ValidIdOfItsOwn(string gallery, string? expected)
    {
        var id = StandingJob.IdOf(gallery);

        Assert.True(Ids.IsJob(id));
        Assert.Equal(expected ?? id, id);
        Assert.NotEqual(id, StandingJob.IdOf(gallery[..^1]));
    }

    private static EnrollPhoto Message() => new() { GalleryId = IngestionHost.Gallery, PersonId = "ada", Photo = TestPhotos.Person(1) };

    private static (string Reason, EnrollPhoto Message)[] Refused() =>
    [
        ("MESSAGE_UNSUPPORTED", Message() with { Version = 2 }),
        ("INVALID_ID", Message() with { GalleryId = null }),
        ("INVALID_ID", Message() with { GalleryId = "No Gallery" }),
        ("INVALID_ID", Message() with { PersonId = null }),
        ("INVALID_ID", Message() with { PersonId = new string('p', 10_000) }),
        ("INVALID_ARGUMENT", Message() with { PersonName = new string('n', 300) }),
        ("INVALID_ARGUMENT", Message() with { Source = new string('s', 2000) }),
        ("INVALID_ID", Message() with { JobId = "no job/" }),
        ("JOB_NOT_FOUND", Message() with { JobId = "none" }),
        ("INVALID_ARGUMENT", Message() with { JobId = "other" }),
        ("JOB_CLOSED", Message() with { JobId = "closed" }),
        ("PHOTO_EMPTY", Message() with { Photo = null }),
        ("PHOTO_EMPTY", Message() with { Photo = [] }),
        ("PHOTO_TOO_LARGE", Message() with { Photo = new byte[300 * 1024] }),
        ("INVALID_ARGUMENT", Message() with { PhotoPath = "ada.jpg" }),
        ("INVALID_ARGUMENT", Message() with { Photo = null, PhotoPath = "../ada.jpg" }),
        ("INVALID_ARGUMENT", Message() with { Photo = null, PhotoPath = "/etc/passwd" }),
        ("INVALID_ARGUMENT", Message() with { Photo = null, PhotoPath = "people//ada.jpg" }),
        ("INVALID_ARGUMENT", Message() with { Photo = null, PhotoPath = "link/ada.jpg" }),
        ("PHOTO_NOT_FOUND", Message() with { Photo = null, PhotoPath = "people/nobody.jpg" }),
        ("PHOTO_NOT_FOUND", Message() with { Photo = null, PhotoPath = "people" }),
    ];

    private static async Task<EnrolmentOutcome> OutcomeAsync(IngestionHost host, string source)
    {
        EnrolmentOutcome? found = null;
        await Waiting.UntilAsync(async () =>
        {
            found = (await host.Harness.Published.SelectAsync<EnrolmentOutcome>().ToListAsync())
                .Select(published => published.Context.Message)
                .FirstOrDefault(outcome => outcome.Target.Source == source);
            return found is not null;
        });
        return found!;
    }
}
