using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Tests.Store;

/// <summary>Pause, resume, cancel and retry, on both engines, and at the same time as everything else.</summary>
public sealed class JobControlTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Pause_ThenPhotosComeThenResume_CommandsOnlyAfterResume(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();

        await PauseAsync(jobs);
        var item = await jobs.AcceptAsync(1);
        var again = await jobs.AcceptAsync(1);
        var releasedWhilePaused = await jobs.Held.ReleaseAsync(None);
        var whilePaused = jobs.Commands();
        await ResumeAsync(jobs);
        var released = await jobs.Held.ReleaseAsync(None);

        Assert.True(item.IsHeld && again.IsHeld);
        Assert.Equal((0, 0), (releasedWhilePaused, whilePaused));
        Assert.Equal((1, 1), (released, jobs.Commands()));
        Assert.Equal(0, await jobs.Held.ReleaseAsync(None));
        Assert.False((await ItemsAsync(jobs)).Single().IsHeld);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Gate_CommandOfAPausedJob_IsPutBackAndSentAfterResume(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var target = TestJobs.Outcome(await jobs.AcceptAsync(1)).Target;

        var before = await jobs.Gate.LookAsync(target, None);
        await PauseAsync(jobs);
        var paused = await jobs.Gate.LookAsync(target, None);
        await jobs.Gate.HoldAsync(target, None);
        await ResumeAsync(jobs);
        var released = await jobs.Held.ReleaseAsync(None);

        Assert.Equal((ItemStanding.Ready, ItemStanding.Waits), (before, paused));
        Assert.Equal((1, 2), (released, jobs.Commands()));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Gate_SettledOrUnknown_IsSettled(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var outcome = TestJobs.Outcome(await jobs.AcceptAsync(1));

        await jobs.BookAsync(outcome);

        Assert.Equal(ItemStanding.Settled, await jobs.Gate.LookAsync(outcome.Target, None));
        Assert.Equal(ItemStanding.Settled, await jobs.Gate.LookAsync(outcome.Target with { ItemId = Guid.NewGuid() }, None));
        Assert.Equal(ItemStanding.Settled, await jobs.Gate.LookAsync(outcome.Target with { JobId = "none" }, None));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task PausedJob_LastOutcomeComes_IsCompletedAndNotPaused(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var item = await jobs.AcceptAsync(1);
        await jobs.Jobs.CloseAsync(TestJobs.Tenant, TestJobs.JobId, None);

        var paused = await PauseAsync(jobs);
        await jobs.BookAsync(TestJobs.Outcome(item));
        var job = await jobs.GetAsync();

        Assert.Equal((JobState.Closed, true), (paused.State, paused.IsPaused));
        Assert.Equal((JobState.Completed, false), (job.State, job.IsPaused));
        await AssertEndedAsync(() => PauseAsync(jobs));
        await AssertEndedAsync(() => ResumeAsync(jobs));
        await AssertEndedAsync(() => CancelAsync(jobs));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Cancel_ItemsWithAndWithoutOutcomes_OnlyThoseWithoutAreCancelledAndLateOutcomesChangeNothing(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var done = await jobs.AcceptAsync(1);
        var late = await jobs.AcceptAsync(2);
        await jobs.BookAsync(TestJobs.Outcome(done));
        await PauseAsync(jobs);
        await jobs.AcceptAsync(3);

        var cancelled = await CancelAsync(jobs);
        await jobs.BookAsync(TestJobs.Outcome(late));
        var again = await CancelAsync(jobs);
        var items = await ItemsAsync(jobs);

        Assert.Equal((JobState.Cancelled, 1, 2, 0), (cancelled.State, cancelled.Enrolled, cancelled.Cancelled, cancelled.Pending));
        Assert.Equivalent(cancelled, again, strict: true);
        Assert.Equivalent(cancelled, await jobs.GetAsync(), strict: true);
        Assert.Equal(EnrolOutcome.Enrolled, items.Single(item => item.ItemId == done.ItemId).Outcome);
        Assert.All(items.Where(item => item.ItemId != done.ItemId), item =>
        {
            Assert.Equal((EnrolOutcome.Cancelled, null, false), (item.Outcome, item.FaceId, item.IsHeld));
            Assert.NotNull(item.FinishedAt);
        });
        Assert.Equal(ItemStanding.Settled, await jobs.Gate.LookAsync(TestJobs.Outcome(late).Target, None));
        Assert.Equal(0, await jobs.Held.ReleaseAsync(None));
        Assert.Equal(FailureReason.JobClosed, (await Assert.ThrowsAsync<FailureException>(() => jobs.AcceptAsync(4))).Reason);
        await AssertEndedAsync(() => RetryAsync(jobs));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Cancel_PhotosInTheStore_AreDeletedThoseOfFailedItemsTooAndListenersAreTold(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var failed = await jobs.AcceptAsync(1);
        var pending = await jobs.AcceptAsync(2);
        await jobs.BookAsync(Failed(failed, "INTERNAL"));
        var key = PhotoKeys.Of(failed.ItemId);
        Assert.NotEmpty(await jobs.Photos.ReadAsync(key, None));

        await CancelAsync(jobs);
        await jobs.Cancelled.StartAsync(None);
        while (!await IsGoneAsync(jobs, failed) || !await IsGoneAsync(jobs, pending) || jobs.Outcomes().Count == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await jobs.Cancelled.StopAsync(None);
        var told = Assert.Single(jobs.Outcomes());
        Assert.Equal((EnrolOutcome.Cancelled, pending.ItemId), (told.Outcome, told.Target.ItemId));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Retry_WithoutNames_OnlyFailuresThatMayHealAndTheCountsFollow(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var heals = new List<EnrolmentItem>();
        foreach (var photo in Enumerable.Range(0, 6))
        {
            heals.Add(await jobs.AcceptAsync(photo));
        }

        await jobs.BookAsync(
            Failed(heals[0], "INTERNAL"),
            Failed(heals[1], "GALLERY_NOT_FOUND"),
            Failed(heals[2], "PHOTO_DAMAGED"),
            Failed(heals[3], "SOMETHING_NEW"),
            TestJobs.Outcome(heals[4], EnrolOutcome.RejectedQuality),
            TestJobs.Outcome(heals[5]));
        var closed = await jobs.Jobs.CloseAsync(TestJobs.Tenant, TestJobs.JobId, None);
        Assert.Equal(JobState.Completed, closed.State);

        var retried = await RetryAsync(jobs);
        var again = await RetryAsync(jobs);
        var released = await jobs.Held.ReleaseAsync(None);
        var items = (await ItemsAsync(jobs)).ToDictionary(item => item.ItemId);

        Assert.Equal((2, 0, 2), (retried.Items, again.Items, released));
        Assert.Equal((JobState.Closed, 2, 2, 1, 1), (again.Job.State, again.Job.Pending, again.Job.Failed, again.Job.Enrolled, again.Job.RejectedQuality));
        Assert.Equal(6, again.Job.Accepted);
        Assert.Equal(["EXTREME_POSE", "LOW_SHARPNESS", "PHOTO_DAMAGED", "SOMETHING_NEW"], again.Job.Reasons.Keys.Order());
        Assert.All([items[heals[0].ItemId], items[heals[1].ItemId]], item =>
        {
            Assert.Equal((null, 1, null, null), (item.Outcome, item.Attempt, item.ErrorReason, item.Message));
            Assert.NotNull(item.RetriedAt);
        });
        Assert.All(heals.Skip(2), item => Assert.Equal(0, items[item.ItemId].Attempt));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Retry_NamedItems_ThoseThatFailedWhateverTheReason(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var damaged = await jobs.AcceptAsync(1);
        var broken = await jobs.AcceptAsync(2);
        var enrolled = await jobs.AcceptAsync(3);
        await jobs.BookAsync(Failed(damaged, "PHOTO_DAMAGED"), Failed(broken, "INTERNAL"), TestJobs.Outcome(enrolled));

        var retried = await jobs.Control.RetryAsync(TestJobs.Tenant, TestJobs.JobId, [damaged.ItemId, enrolled.ItemId, Guid.NewGuid()], None);

        Assert.Equal((1, 1, 1, 1), (retried.Items, retried.Job.Pending, retried.Job.Failed, retried.Job.Enrolled));
        Assert.Null((await ItemsAsync(jobs)).Single(item => item.ItemId == damaged.ItemId).Outcome);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Retry_OutcomeOfTheAttemptBefore_ChangesNothing(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var first = await jobs.AcceptAsync(1);
        var failure = Failed(first, "INTERNAL");
        await jobs.BookAsync(failure);

        await RetryAsync(jobs);
        await jobs.BookAsync(failure, TestJobs.Outcome(first));
        var stillPending = await jobs.GetAsync();
        var photo = await jobs.Photos.ReadAsync(PhotoKeys.Of(first.ItemId), None);
        var second = (await ItemsAsync(jobs)).Single();
        await jobs.BookAsync(TestJobs.Outcome(second, EnrolOutcome.Duplicate));
        var job = await jobs.GetAsync();

        Assert.Equal((1, 0, 0), (stillPending.Pending, stillPending.Enrolled, stillPending.Failed));
        Assert.NotEmpty(photo);
        Assert.Equal((0, 1, 1), (job.Pending, job.Duplicate, job.Accepted));
        Assert.Equal(ItemStanding.Settled, await jobs.Gate.LookAsync(failure.Target, None));
        Assert.True(await IsGoneAsync(jobs, first));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Priority_HigherJobHasPhotosOnTheWay_LowerOnesWait(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync(jobId: "low", priority: JobPriority.Low);
        await jobs.StartAsync(jobId: "high", priority: JobPriority.High);
        var early = await jobs.AcceptAsync(1, jobId: "low");
        var urgent = await jobs.AcceptAsync(2, jobId: "high");

        var waiting = await jobs.AcceptAsync(3, jobId: "low");
        var standing = await jobs.Gate.LookAsync(TestJobs.Outcome(early).Target, None);
        var releasedEarly = await jobs.Held.ReleaseAsync(None);
        await jobs.Control.PauseAsync(TestJobs.Tenant, "high", None);
        var standingBesidePaused = await jobs.Gate.LookAsync(TestJobs.Outcome(early).Target, None);
        await jobs.Control.ResumeAsync(TestJobs.Tenant, "high", None);
        await jobs.BookAsync(TestJobs.Outcome(urgent));
        var released = await jobs.Held.ReleaseAsync(None);

        Assert.Equal((false, false, true), (early.IsHeld, urgent.IsHeld, waiting.IsHeld));
        Assert.Equal((ItemStanding.Waits, ItemStanding.Ready), (standing, standingBesidePaused));
        Assert.Equal((0, 1), (releasedEarly, released));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Release_ManyPagesByTwoProcesses_EveryCommandOnce(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        await PauseAsync(jobs);
        await Task.WhenAll(Enumerable.Range(0, 450).Select(photo => jobs.AcceptAsync(photo)));
        await ResumeAsync(jobs);

        var released = await Task.WhenAll(jobs.Held.ReleaseAsync(None), jobs.Held.ReleaseAsync(None));

        Assert.Equal(450, released.Sum());
        Assert.Equal(450, jobs.Commands());
    }

    // Whatever comes first, each photo has one outcome, the counts are those of the items, and an outcome once written stays.
    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Everything_AtTheSameTimeAsCancel_OneOutcomeEachAndTheCountsAddUp(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var accepted = 0;

        var work = Enumerable.Range(0, 150).Select(async step =>
        {
            await Task.Yield();
            switch (step)
            {
                case 20 or 60:
                    await IfNotEndedAsync(() => PauseAsync(jobs));
                    return;
                case 40 or 80:
                    await IfNotEndedAsync(() => ResumeAsync(jobs));
                    return;
                case 50 or 90:
                    await IfNotEndedAsync(() => RetryAsync(jobs));
                    return;
                case 110:
                    await CancelAsync(jobs);
                    return;
                default:
                    try
                    {
                        var item = await jobs.AcceptAsync(step);
                        Interlocked.Increment(ref accepted);
                        await jobs.BookAsync(step % 3 == 0 ? Failed(item, "INTERNAL") : TestJobs.Outcome(item));
                        await jobs.BookAsync(TestJobs.Outcome(item, EnrolOutcome.NoFace));
                    }
                    catch (FailureException failure) when (failure.Reason == FailureReason.JobClosed)
                    {
                        // After the cancel; such a photo is not acknowledged.
                    }

                    return;
            }
        });
        await Task.WhenAll(work);
        var job = await jobs.GetAsync();
        var items = await ItemsAsync(jobs);

        Assert.Equal((JobState.Cancelled, accepted, 0), (job.State, job.Accepted, job.Pending));
        Assert.All(items, item => Assert.NotNull(item.Outcome));
        Assert.Equal(
            (items.Count, Count(EnrolOutcome.Enrolled), Count(EnrolOutcome.Failed), Count(EnrolOutcome.Cancelled), Count(EnrolOutcome.NoFace)),
            (job.Accepted, job.Enrolled, job.Failed, job.Cancelled, job.NoFace));

        long Count(EnrolOutcome outcome) => items.Count(item => item.Outcome == outcome);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task RetriesAndOutcomes_AtTheSameTime_EveryItemEndsOnce(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var items = new List<EnrolmentItem>();
        foreach (var photo in Enumerable.Range(0, 40))
        {
            items.Add(await jobs.AcceptAsync(photo));
        }

        await jobs.Jobs.CloseAsync(TestJobs.Tenant, TestJobs.JobId, None);
        foreach (var attempt in Enumerable.Range(0, 4))
        {
            var current = await ItemsAsync(jobs);
            await Task.WhenAll(
                [.. current.Select(item => jobs.BookAsync(attempt < 3 ? Failed(item, "INTERNAL") : TestJobs.Outcome(item))),
                RetryAsync(jobs), RetryAsync(jobs)]);
        }

        // What a retry took back after its last outcome is on the way again.
        await jobs.BookAsync([.. (await ItemsAsync(jobs)).Where(item => item.Outcome is null).Select(item => TestJobs.Outcome(item))]);
        await RetryAsync(jobs);
        await jobs.BookAsync([.. (await ItemsAsync(jobs)).Where(item => item.Outcome is null).Select(item => TestJobs.Outcome(item))]);
        var job = await jobs.GetAsync();

        Assert.Equal((JobState.Completed, 40, 40, 0), (job.State, job.Accepted, job.Enrolled, job.Failed));
        Assert.Empty(job.Reasons);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task ListItems_Filters_OnlyThoseThatFit(Engine engine)
    {
        await using var jobs = await TestJobs.CreateAsync(engine);
        await jobs.StartAsync();
        var failed = await jobs.AcceptAsync(1);
        var enrolled = await jobs.AcceptAsync(2);
        var pending = await jobs.AcceptAsync(3);
        await jobs.BookAsync(Failed(failed, "INTERNAL"), TestJobs.Outcome(enrolled));

        Assert.Equal([failed.ItemId], await IdsAsync(new ItemFilter { ErrorReason = "INTERNAL" }));
        Assert.Empty(await IdsAsync(new ItemFilter { ErrorReason = "PHOTO_DAMAGED" }));
        Assert.Equal([pending.ItemId], await IdsAsync(new ItemFilter { IsFinished = false }));
        Assert.Equal(new[] { failed.ItemId, enrolled.ItemId }.Order(), (await IdsAsync(new ItemFilter { IsFinished = true })).Order());
        Assert.Equal([enrolled.ItemId], await IdsAsync(new ItemFilter { PersonId = "person-2" }));
        Assert.Empty(await IdsAsync(new ItemFilter { PersonId = "person-2", Outcome = EnrolOutcome.Failed }));

        async Task<Guid[]> IdsAsync(ItemFilter filter) =>
            [.. (await jobs.Jobs.ListItemsAsync(TestJobs.Tenant, TestJobs.JobId, filter, null, 10, None)).Select(item => item.ItemId)];
    }

    [Fact]
    public async Task Rate_OutcomesComeSteadily_RateAndRemainingTimeAreThoseOfLate()
    {
        await using var jobs = await TestJobs.CreateAsync(Engine.Sqlite);
        await jobs.StartAsync();
        var items = new List<EnrolmentItem>();
        foreach (var photo in Enumerable.Range(0, 60))
        {
            items.Add(await jobs.AcceptAsync(photo));
        }

        var before = await jobs.GetAsync();
        foreach (var pair in items.Take(40).Chunk(2))
        {
            jobs.Time.Advance(TimeSpan.FromSeconds(1));
            await jobs.BookAsync([.. pair.Select(item => TestJobs.Outcome(item))]);
        }

        var now = jobs.Time.GetUtcNow();
        var job = await jobs.GetAsync();
        var paused = await PauseAsync(jobs);

        Assert.Null(before.RemainingTime(now));
        Assert.InRange(job.RecentItemsPerSecond(now), 1.95, 2.1);
        Assert.InRange(job.RemainingTime(now)!.Value.TotalSeconds, 9.5, 10.3);
        Assert.True(job.RecentItemsPerSecond(now.AddMinutes(2)) < 0.4);
        Assert.Null(paused.RemainingTime(now));
    }

    private static Contracts.Events.EnrolmentOutcome Failed(EnrolmentItem item, string reason) =>
        TestJobs.Outcome(item, EnrolOutcome.Failed) with { ErrorReason = reason };

    private static Task<EnrolmentJob> PauseAsync(TestJobs jobs) => jobs.Control.PauseAsync(TestJobs.Tenant, TestJobs.JobId, None);

    private static Task<EnrolmentJob> ResumeAsync(TestJobs jobs) => jobs.Control.ResumeAsync(TestJobs.Tenant, TestJobs.JobId, None);

    private static Task<EnrolmentJob> CancelAsync(TestJobs jobs) => jobs.Control.CancelAsync(TestJobs.Tenant, TestJobs.JobId, None);

    private static Task<Retried> RetryAsync(TestJobs jobs) => jobs.Control.RetryAsync(TestJobs.Tenant, TestJobs.JobId, [], None);

    private static Task<List<EnrolmentItem>> ItemsAsync(TestJobs jobs) =>
        jobs.Jobs.ListItemsAsync(TestJobs.Tenant, TestJobs.JobId, ItemFilter.All, null, 1000, None);

    private static async Task<bool> IsGoneAsync(TestJobs jobs, EnrolmentItem item) =>
        await Record.ExceptionAsync(() => jobs.Photos.ReadAsync(PhotoKeys.Of(item.ItemId), None)) is not null;

    private static async Task AssertEndedAsync(Func<Task> call) =>
        Assert.Equal(FailureReason.JobEnded, (await Assert.ThrowsAsync<FailureException>(call)).Reason);

    private static async Task IfNotEndedAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (FailureException failure) when (failure.Reason == FailureReason.JobEnded)
        {
            // The cancel came first.
        }
    }
}
