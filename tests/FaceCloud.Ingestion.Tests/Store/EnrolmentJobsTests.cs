using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Tests.Store;

/// <summary>Jobs, items and counts, on both engines.</summary>
public sealed class EnrolmentJobsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Migrations_FreshStore_MatchTheModel(Engine engine)
    {
        await using var store = await TestStore.CreateAsync(engine);
        await using var context = store.CreateDbContext();

        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(None));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Book_EveryOutcome_CountsAddUp(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        EnrolOutcome[] outcomes = [.. Enum.GetValues<EnrolOutcome>(), EnrolOutcome.Failed];
        var items = new List<EnrolmentItem>();
        foreach (var photo in Enumerable.Range(0, outcomes.Length + 2))
        {
            items.Add(await jobs.AcceptAsync(photo));
        }

        await jobs.BookAsync([.. outcomes.Select((outcome, index) => TestJobs.Outcome(items[index], outcome))]);
        var job = await jobs.GetAsync();
        var stored = await jobs.Jobs.ListItemsAsync(TestJobs.Tenant, TestJobs.JobId, ItemFilter.All, null, 100, None);

        Assert.Equal((9, 2, 1, 1, 1, 1, 2, 1), (job.Accepted, job.Pending, job.Enrolled, job.Duplicate, job.RejectedQuality, job.NoFace, job.Failed, job.Cancelled));
        Assert.Equal(stored.Count, job.Accepted);
        Assert.Equal(stored.Count(item => item.Outcome is null), job.Pending);
        Assert.Equal(2, job.Reasons["PHOTO_DAMAGED"]);
        Assert.Equal((1, 1), (job.Reasons["LOW_SHARPNESS"], job.Reasons["EXTREME_POSE"]));
        var rejected = stored.Single(item => item.Outcome == EnrolOutcome.RejectedQuality);
        Assert.Equal([QualityReason.LowSharpness, QualityReason.ExtremePose], rejected.Reasons);
        Assert.Equal("Said for people.", rejected.Message);
        Assert.NotNull(rejected.FinishedAt);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Book_SecondOutcomeOfAnItem_ChangesNothing(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var item = await jobs.AcceptAsync(1);
        var first = TestJobs.Outcome(item);

        await jobs.BookAsync(first, TestJobs.Outcome(item, EnrolOutcome.Failed));
        var booked = await jobs.GetAsync();
        await jobs.BookAsync(TestJobs.Outcome(item, EnrolOutcome.NoFace));
        await jobs.BookAsync(first);

        var stored = Assert.Single(await jobs.Jobs.ListItemsAsync(TestJobs.Tenant, TestJobs.JobId, ItemFilter.All, null, 100, None));
        Assert.Equal((EnrolOutcome.Enrolled, first.FaceId), (stored.Outcome, stored.FaceId));
        Assert.Equivalent(booked, await jobs.GetAsync(), strict: true);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Book_ItemOrJobThatIsNotHere_IsDropped(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var item = await jobs.AcceptAsync(1);
        var known = TestJobs.Outcome(item);

        await jobs.BookAsync(
            known with { Target = known.Target with { ItemId = Guid.NewGuid() } },
            known with { Target = known.Target with { JobId = "none" } },
            known);

        Assert.Equal((1, 0, 1), ((await jobs.GetAsync()).Accepted, (await jobs.GetAsync()).Pending, (await jobs.GetAsync()).Enrolled));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Book_OutcomeWritten_PhotoIsDeleted(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var item = await jobs.AcceptAsync(1);
        var key = Ingestion.Photos.PhotoKeys.Of(item.ItemId);
        Assert.NotEmpty(await jobs.Photos.ReadAsync(key, None));

        await jobs.BookAsync(TestJobs.Outcome(item));

        await Assert.ThrowsAnyAsync<Exception>(() => jobs.Photos.ReadAsync(key, None));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Job_ClosedAndLastOutcomeInEitherOrder_IsCompleted(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        await jobs.StartAsync(jobId: "other");
        var item = await jobs.AcceptAsync(1);
        var other = await jobs.AcceptAsync(1, jobId: "other");

        var closed = await jobs.Jobs.CloseAsync(TestJobs.Tenant, TestJobs.JobId, None);
        await jobs.BookAsync(TestJobs.Outcome(item), TestJobs.Outcome(other));
        var otherBefore = await jobs.Jobs.GetAsync(TestJobs.Tenant, "other", None);
        var otherAfter = await jobs.Jobs.CloseAsync(TestJobs.Tenant, "other", None);

        Assert.Equal(JobState.Closed, closed.State);
        Assert.Equal(JobState.Completed, (await jobs.GetAsync()).State);
        Assert.Equal(JobState.Open, otherBefore.State);
        Assert.Equal(JobState.Completed, otherAfter.State);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Everything_AtTheSameTime_CountsAddUpAndNothingComesAfterClose(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var accepted = 0;
        var refused = 0;

        var work = Enumerable.Range(0, 120).Select(async photo =>
        {
            await Task.Yield();
            if (photo == 80)
            {
                await jobs.Jobs.CloseAsync(TestJobs.Tenant, TestJobs.JobId, None);
                return;
            }

            try
            {
                // Every photo comes twice.
                var item = await jobs.AcceptAsync(photo / 2);
                Interlocked.Increment(ref accepted);
                await jobs.BookAsync(TestJobs.Outcome(item, (EnrolOutcome)((photo / 2 % 5) + 1)));
            }
            catch (FailureException failure) when (failure.Reason == FailureReason.JobClosed)
            {
                Interlocked.Increment(ref refused);
            }
        });
        await Task.WhenAll(work);
        var job = await jobs.GetAsync();
        var items = await jobs.Jobs.ListItemsAsync(TestJobs.Tenant, TestJobs.JobId, ItemFilter.All, null, 1000, None);

        Assert.Equal(119, accepted + refused);
        Assert.Equal(JobState.Completed, job.State);
        Assert.Equal((items.Count, 0), (job.Accepted, job.Pending));
        foreach (var (outcome, count) in new[]
        {
            (EnrolOutcome.Enrolled, job.Enrolled), (EnrolOutcome.Duplicate, job.Duplicate), (EnrolOutcome.RejectedQuality, job.RejectedQuality),
            (EnrolOutcome.NoFace, job.NoFace), (EnrolOutcome.Failed, job.Failed),
        })
        {
            Assert.Equal(items.Count(item => item.Outcome == outcome), count);
        }
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Lists_OfOneTenant_DoNotShowAnother(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        await jobs.StartAsync(tenant: "other");
        await jobs.AcceptAsync(1);
        await jobs.AcceptAsync(1, tenant: "other");
        await jobs.AcceptAsync(2, tenant: "other");

        var mine = Assert.Single(await jobs.Jobs.ListAsync(TestJobs.Tenant, null, 10, None));
        var theirs = await jobs.Jobs.ListItemsAsync("other", TestJobs.JobId, ItemFilter.All, null, 10, None);

        Assert.Equal((TestJobs.Tenant, 1), (mine.TenantId, mine.Accepted));
        Assert.Equal(2, theirs.Count);
        await Assert.ThrowsAsync<FailureException>(() => jobs.Jobs.GetAsync("nobody", TestJobs.JobId, None));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task List_JobsOfTheSameInstantAndOfOthers_NewestFirstEachOnce(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        foreach (var job in Enumerable.Range(0, 9))
        {
            await jobs.StartAsync(jobId: $"load-{job}");
            jobs.Time.Advance(TimeSpan.FromMicroseconds(job % 3 == 2 ? 1 : 0));
        }

        var listed = new List<EnrolmentJob>();
        (DateTimeOffset, string)? after = null;
        while (await jobs.Jobs.ListAsync(TestJobs.Tenant, after, 2, None) is { Count: > 0 } page)
        {
            listed.AddRange(page);
            after = (page[^1].CreatedAt, page[^1].JobId);
        }

        Assert.Equal(["load-8", "load-7", "load-6", "load-5", "load-4", "load-3", "load-2", "load-1", "load-0"], listed.Select(job => job.JobId));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Times_WrittenAndRead_AreTheSame(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        jobs.Time.Advance(TimeSpan.FromTicks(1_234_567_891));
        await jobs.StartAsync();
        var item = await jobs.AcceptAsync(1);
        jobs.Time.Advance(TimeSpan.FromSeconds(2));
        await jobs.BookAsync(TestJobs.Outcome(item));

        var job = await jobs.GetAsync();
        var stored = Assert.Single(await jobs.Jobs.ListItemsAsync(TestJobs.Tenant, TestJobs.JobId, ItemFilter.All, null, 10, None));

        Assert.Equal(item.CreatedAt, stored.CreatedAt);
        Assert.Equal(item.CreatedAt + TimeSpan.FromSeconds(2), stored.FinishedAt);
        Assert.Equal(0.5, job.ItemsPerSecond(jobs.Time.GetUtcNow()), 6);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Accept_RepeatedAfterClose_SameItem(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var item = await jobs.AcceptAsync(1);
        await jobs.Jobs.CloseAsync(TestJobs.Tenant, TestJobs.JobId, None);

        var again = await jobs.AcceptAsync(1);
        var failure = await Assert.ThrowsAsync<FailureException>(() => jobs.AcceptAsync(2));

        Assert.Equal(item.ItemId, again.ItemId);
        Assert.Equal(FailureReason.JobClosed, failure.Reason);
        Assert.Equal(2, jobs.Commands());
    }
}
