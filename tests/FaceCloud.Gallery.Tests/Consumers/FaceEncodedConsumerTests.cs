using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Index;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using EnrolOutcome = FaceCloud.Contracts.EnrolOutcome;

namespace FaceCloud.Gallery.Tests.Consumers;

public sealed class FaceEncodedConsumerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consume_NewFace_IsEnrolledAndFound()
    {
        await using var host = await GalleryHost.StartAsync();
        var message = Message();

        await host.Harness.Bus.Publish(message, Token);
        var outcome = Assert.Single(await OutcomesAsync(host, 1));
        var found = await host.Client.IdentifyAsync(
            new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) });
        var person = await host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });

        Assert.Equal((EnrolOutcome.Enrolled, message.Target), (outcome.Outcome, outcome.Target));
        Assert.Equal(FaceIds.Face(Tenants.Default, GalleryHost.Staff, "ada", message.Target.PhotoSha256, 0), outcome.FaceId);
        Assert.Equal(("ada", outcome.FaceId.ToString()), (found.Faces[0].Candidates[0].PersonId, found.Faces[0].Candidates[0].BestFaceId));
        Assert.Equal(("Ada", 1), (person.Name, person.FaceCount));
    }

    [Fact]
    public async Task Consume_SameMessageTwice_AnswersEnrolledTwiceWithOneFace()
    {
        await using var host = await GalleryHost.StartAsync();
        var message = Message();

        await host.Harness.Bus.Publish(message, Token);
        await OutcomesAsync(host, 1);
        await host.Harness.Bus.Publish(message, Token);
        var outcomes = await OutcomesAsync(host, 2);
        var faces = await host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff });

        Assert.All(outcomes, outcome => Assert.Equal(EnrolOutcome.Enrolled, outcome.Outcome));
        Assert.Single(outcomes.Select(outcome => outcome.FaceId).Distinct());
        Assert.Single(faces.Faces);
        Assert.Equal(1, (await host.Index.GetSizeAsync(GalleryHost.StaffKey, Token)).Faces);
    }

    [Fact]
    public async Task Consume_SamePhotoInTwoItems_SecondIsDuplicate()
    {
        await using var host = await GalleryHost.StartAsync();
        var first = Message();
        var second = first with { Target = first.Target with { ItemId = Guid.NewGuid(), JobId = "other" } };

        await host.Harness.Bus.PublishBatch([first, second], Token);
        var outcomes = await OutcomesAsync(host, 2);

        Assert.Single(outcomes, outcome => outcome.Outcome == EnrolOutcome.Enrolled);
        Assert.Single(outcomes, outcome => outcome.Outcome == EnrolOutcome.Duplicate);
        Assert.Single(outcomes.Select(outcome => outcome.FaceId).Distinct());
    }

    [Fact]
    public async Task Consume_ManyForTwoGalleries_EachHasOneOutcome()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = "guests" });
        var messages = Enumerable.Range(0, 150).Select(i => Message($"p{i}", i % 2 == 0 ? GalleryHost.Staff : "guests", $"photo {i}")).ToList();

        await host.Harness.Bus.PublishBatch(messages, Token);
        var outcomes = await OutcomesAsync(host, messages.Count);

        Assert.All(outcomes, outcome => Assert.Equal(EnrolOutcome.Enrolled, outcome.Outcome));
        Assert.Equal(messages.Select(message => message.Target.ItemId).Order(), outcomes.Select(outcome => outcome.Target.ItemId).Order());
        Assert.Equal(75, (await host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = "guests" })).FaceCount);
    }

    public static TheoryData<string, FaceEncoded> Refused => new()
    {
        { "GALLERY_NOT_FOUND", Message(gallery: "nowhere") },
        { "INVALID_ID", Message(gallery: "NOT AN ID") },
        { "INVALID_ID", Message(person: new string('x', 10_000)) },
        { "CONTRACT_MISMATCH", Message() with { EmbeddingContract = "other:ffffffffffff" } },
        { "INVALID_ARGUMENT", Message() with { EmbeddingContract = "" } },
        { "EMBEDDING_WRONG_LENGTH", Message() with { Embedding = [] } },
        { "EMBEDDING_WRONG_LENGTH", Message() with { Embedding = [1, 2, 3] } },
        { "EMBEDDING_WRONG_LENGTH", Message() with { Embedding = EmbeddingBytes.ToBytes([1f, 2f]) } },
        { "EMBEDDING_NOT_FINITE", Message() with { Embedding = EmbeddingBytes.ToBytes(new float[FakeFaceEncoder.Dimension]) } },
        { "EMBEDDING_NOT_FINITE", Message() with { Embedding = EmbeddingBytes.ToBytes([float.NaN, .. new float[FakeFaceEncoder.Dimension - 1]]) } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Consume_WhatCannotHeal_FailsThatItemAndNoOther(string reason, FaceEncoded bad)
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("bound", GalleryHost.AtCosine(0, 5)));
        var good = Message("bob", photo: "good");

        await host.Harness.Bus.PublishBatch([bad, good], Token);
        var outcomes = await OutcomesAsync(host, 2);

        var failed = Assert.Single(outcomes, outcome => outcome.Target.ItemId == bad.Target.ItemId);
        Assert.Equal((EnrolOutcome.Failed, reason), (failed.Outcome, failed.ErrorReason));
        Assert.NotEmpty(failed.Message!);
        Assert.Equal(EnrolOutcome.Enrolled, Assert.Single(outcomes, outcome => outcome.Target.ItemId == good.Target.ItemId).Outcome);
    }

    [Fact]
    public async Task Consume_PersonDeletedAfterAcceptance_IsNotBroughtBack()
    {
        await using var host = await GalleryHost.StartAsync();
        var accepted = TimeProvider.System.GetUtcNow();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });

        await host.Harness.Bus.Publish(Message(acceptedAt: accepted), Token);
        var outcome = Assert.Single(await OutcomesAsync(host, 1));

        Assert.Equal((EnrolOutcome.Failed, "PERSON_DELETED"), (outcome.Outcome, outcome.ErrorReason));
        Assert.Equal(0, (await host.Index.GetSizeAsync(GalleryHost.StaffKey, Token)).Faces);
    }

    [Fact]
    public async Task Consume_StoreAwayForAMoment_IsTriedAgain()
    {
        var store = new FailingContexts();
        await using var host = await GalleryHost.StartAsync(services: store.AddTo);
        store.Failures = 1;

        await host.Harness.Bus.Publish(Message(), Token);
        var outcome = Assert.Single(await OutcomesAsync(host, 1));

        Assert.Equal(EnrolOutcome.Enrolled, outcome.Outcome);
        Assert.Equal(1, (await host.Index.GetSizeAsync(GalleryHost.StaffKey, Token)).Faces);
    }

    // Ingestion's EnrolmentFaultConsumer makes the item's outcome of it.
    [Fact]
    public async Task Consume_StoreAwayForGood_BecomesAFaultWithTheReason()
    {
        var store = new FailingContexts();
        await using var host = await GalleryHost.StartAsync(services: store.AddTo);
        var message = Message();
        store.Failures = int.MaxValue;

        await host.Harness.Bus.Publish(message, Token);
        Assert.True(await host.Harness.Published.Any<Fault<FaceEncoded>>(Token));
        var fault = host.Harness.Published.Select<Fault<FaceEncoded>>(Token).First().Context.Message;

        Assert.Equal(message.Target, fault.Message.Target);
        var cause = Assert.Single(fault.Exceptions);
        Assert.Equal("STORE_UNAVAILABLE", cause.Data![FailureException.ReasonKey]);
    }

    // The row is there, the index not: the second try must not answer before both are.
    [Fact]
    public async Task Consume_IndexFailsAfterTheStore_IsEnrolledAndFound()
    {
        var index = new WatchedIndex();
        await using var host = await GalleryHost.StartAsync(services: services => services.AddSingleton<IFaceIndex>(index));
        index.FailNext();

        await host.Harness.Bus.Publish(Message(), Token);
        var outcome = Assert.Single(await OutcomesAsync(host, 1));

        Assert.Equal(EnrolOutcome.Enrolled, outcome.Outcome);
        Assert.Equal(1, (await host.Index.GetSizeAsync(GalleryHost.StaffKey, Token)).Faces);
    }

    private static FaceEncoded Message(
        string person = "ada", string gallery = GalleryHost.Staff, string photo = "photo", DateTimeOffset? acceptedAt = null) => new()
        {
            Target = new EnrolmentTarget
            {
                TenantId = Tenants.Default,
                JobId = "load",
                ItemId = Guid.NewGuid(),
                GalleryId = gallery,
                PersonId = person,
                PersonName = "Ada",
                PhotoSha256 = TestFaces.Sha(photo),
                AcceptedAt = acceptedAt ?? TimeProvider.System.GetUtcNow(),
            },
            Embedding = EmbeddingBytes.ToBytes(GalleryHost.AtCosine(1, 1)),
            EmbeddingContract = TestFaces.Contract,
            Box = new FaceBox(1, 2, 30, 40),
            Quality = TestFaces.Quality,
        };

    private static async Task<IReadOnlyList<EnrolmentOutcome>> OutcomesAsync(GalleryHost host, int count)
    {
        var outcomes = new List<EnrolmentOutcome>();
        await foreach (var published in host.Harness.Published.SelectAsync<EnrolmentOutcome>(Token))
        {
            outcomes.Add(published.Context.Message);
            if (outcomes.Count == count)
            {
                break;
            }
        }

        Assert.Equal(count, outcomes.Count);
        return outcomes;
    }
}
