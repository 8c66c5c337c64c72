using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Protos.Gallery.V1;
using MassTransit;
using EnrolOutcome = FaceCloud.Contracts.EnrolOutcome;

namespace FaceCloud.Gallery.Tests.Consumers;

/// <summary>Jobs that skip persons who are enrolled, or replace their faces; what counts as theirs follows from ids, not from time.</summary>
public sealed class OnDuplicateTests
{
    private int _stored;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Skip_PersonOfAnotherJob_StaysAsTheyAre()
    {
        await using var host = await GalleryHost.StartAsync();
        var before = await StoreAsync(host, Message("old", OnDuplicate.Enrol, "one"));

        var outcome = await StoreAsync(host, Message("new", OnDuplicate.Skip, "two"));

        Assert.Equal((EnrolOutcome.Duplicate, before.FaceId), (outcome.Outcome, outcome.FaceId));
        Assert.NotEmpty(outcome.Message!);
        Assert.Equal([before.FaceId!.Value], await FacesAsync(host));
    }

    [Fact]
    public async Task Skip_SeveralPhotosOfANewPersonAndRedeliveries_AllEnrolled()
    {
        await using var host = await GalleryHost.StartAsync();
        var messages = Enumerable.Range(0, 3).Select(photo => Message($"new {photo}", OnDuplicate.Skip, "one")).ToArray();

        await host.Harness.Bus.PublishBatch(messages, Token);
        var first = await OutcomesAsync(host, 3);
        await host.Harness.Bus.PublishBatch(messages, Token);
        var all = await OutcomesAsync(host, 6);

        Assert.All(all, outcome => Assert.Equal(EnrolOutcome.Enrolled, outcome.Outcome));
        Assert.Equal(first.Select(outcome => outcome.FaceId!.Value).Order(), await FacesAsync(host));
    }

    [Fact]
    public async Task Replace_FirstPhotoStored_FacesOfOthersGoAndThoseOfTheJobStay()
    {
        await using var host = await GalleryHost.StartAsync();
        await StoreAsync(host, Message("old 1", OnDuplicate.Enrol, "one"));
        await StoreAsync(host, Message("old 2", OnDuplicate.Enrol, "two"));
        await StoreAsync(host, Message("other person", OnDuplicate.Enrol, "one", person: "grace"));

        var first = await StoreAsync(host, Message("new 1", OnDuplicate.Replace, "three"));
        var second = await StoreAsync(host, Message("new 2", OnDuplicate.Replace, "three"));

        Assert.Equal((EnrolOutcome.Enrolled, EnrolOutcome.Enrolled), (first.Outcome, second.Outcome));
        Assert.Equal(new[] { first.FaceId!.Value, second.FaceId!.Value }.Order(), await FacesAsync(host));
        Assert.Equal((2, 3), await SizeAsync(host));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replace_OldPhotoIsAmongTheNewOnesInAnyOrder_AllOfTheJobAreThere(bool oldFirst)
    {
        await using var host = await GalleryHost.StartAsync();
        await StoreAsync(host, Message("old", OnDuplicate.Enrol, "one"));
        await StoreAsync(host, Message("gone", OnDuplicate.Enrol, "one"));
        var old = Message("old", OnDuplicate.Replace, "two");
        var fresh = Message("new", OnDuplicate.Replace, "two");

        foreach (var message in oldFirst ? new[] { old, fresh } : [fresh, old])
        {
            await StoreAsync(host, message);
        }

        Assert.Equal(new[] { FaceId(old), FaceId(fresh) }.Order(), await FacesAsync(host));
        Assert.Equal((1, 2), await SizeAsync(host));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replace_AllInOneBatch_AllOfTheJobAreThere(bool oldFirst)
    {
        await using var host = await GalleryHost.StartAsync();
        await StoreAsync(host, Message("old", OnDuplicate.Enrol, "one"));
        var old = Message("old", OnDuplicate.Replace, "two");
        var fresh = Message("new", OnDuplicate.Replace, "two");

        await host.Harness.Bus.PublishBatch(oldFirst ? [old, fresh] : [fresh, old], Token);
        await OutcomesAsync(host, 3);

        Assert.Equal(new[] { FaceId(old), FaceId(fresh) }.Order(), await FacesAsync(host));
        Assert.Equal((1, 2), await SizeAsync(host));
    }

    [Fact]
    public async Task Replace_Redelivered_TakesNothingThatCameLater()
    {
        await using var host = await GalleryHost.StartAsync();
        var message = Message("new", OnDuplicate.Replace, "one");
        await StoreAsync(host, message);
        var later = await StoreAsync(host, Message("later", OnDuplicate.Enrol, "two"));

        var again = await StoreAsync(host, message);

        Assert.Equal(EnrolOutcome.Enrolled, again.Outcome);
        Assert.Equal(new[] { FaceId(message), later.FaceId!.Value }.Order(), await FacesAsync(host));
    }

    [Fact]
    public async Task UnknownPolicy_FailsThatItem()
    {
        await using var host = await GalleryHost.StartAsync();

        var outcome = await StoreAsync(host, Message("new", (OnDuplicate)99, "one"));

        Assert.Equal((EnrolOutcome.Failed, "INVALID_ARGUMENT"), (outcome.Outcome, outcome.ErrorReason));
    }

    private static FaceEncoded Message(string photo, OnDuplicate onDuplicate, string job, string person = "ada")
    {
        var sha = TestFaces.Sha(photo);
        return new FaceEncoded
        {
            Target = new EnrolmentTarget
            {
                TenantId = Tenants.Default,
                JobId = job,
                ItemId = FaceIds.Item(Tenants.Default, job, person, sha),
                GalleryId = GalleryHost.Staff,
                PersonId = person,
                PhotoSha256 = sha,
                AcceptedAt = TimeProvider.System.GetUtcNow(),
                OnDuplicate = onDuplicate,
            },
            Embedding = EmbeddingBytes.ToBytes(GalleryHost.AtCosine(1, 1)),
            EmbeddingContract = TestFaces.Contract,
            Box = new FaceBox(1, 2, 30, 40),
            Quality = TestFaces.Quality,
        };
    }

    private static Guid FaceId(FaceEncoded message) =>
        FaceIds.Face(message.Target.TenantId, message.Target.GalleryId, message.Target.PersonId, message.Target.PhotoSha256, 0);

    private async Task<EnrolmentOutcome> StoreAsync(GalleryHost host, FaceEncoded message)
    {
        await host.Harness.Bus.Publish(message, Token);
        return (await OutcomesAsync(host, ++_stored))[^1];
    }

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

    private static async Task<Guid[]> FacesAsync(GalleryHost host)
    {
        var faces = await host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });
        return [.. faces.Faces.Select(face => Guid.Parse(face.FaceId)).Order()];
    }

    private static async Task<(long Persons, long Faces)> SizeAsync(GalleryHost host)
    {
        var size = await host.Index.GetSizeAsync(GalleryHost.StaffKey, Token);
        return (size.Persons, size.Faces);
    }
}
