using System.Diagnostics.Metrics;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Store;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Lifetime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Counts unfinished jobs and their items by state, for the metrics. Every process of the service counts the same store and gives the
/// same figures: take the greatest of them, not the sum.
/// </summary>
public sealed class JobMeasures : BackgroundService
{
    private readonly IngestionStore _store;
    private readonly StartSteps _start;
    private readonly IngestionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<JobMeasures> _logger;
    private readonly Meter _meter;
    private IReadOnlyList<JobsOfAState> _counted = [];

    public JobMeasures(
        IngestionStore store, StartSteps start, IOptions<IngestionOptions> options, IMeterFactory meters, TimeProvider time, ILogger<JobMeasures> logger)
    {
        (_store, _start, _options, _time, _logger) = (store, start, options.Value, time, logger);
        _meter = meters.Create(Telemetry.Name);
        _meter.CreateObservableGauge("facecloud.ingestion.jobs", Jobs, "{job}", "Jobs that have not ended, by state; paused ones are counted as open or closed too.");
        _meter.CreateObservableGauge("facecloud.ingestion.job.items", Items, "{item}", "Items of jobs that have not ended, by state.");
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _start.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_options.MeasureInterval, _time);
        do
        {
            try
            {
                _counted = await CountAsync(stoppingToken);
            }
            catch (FailureException exception)
            {
                // The health says that the store is away; until it is back there are no figures rather than old ones.
                Log.JobsNotCounted(_logger, exception);
                _counted = [];
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // No job of a state is a figure too: 0.
    private IEnumerable<Measurement<long>> Jobs() =>
        _counted.Select(jobs => new Measurement<long>(jobs.Count, new KeyValuePair<string, object?>("facecloud.job.state", Words.Of(jobs.State))));

    private IEnumerable<Measurement<long>> Items() => _counted.Count == 0
        ? []
        :
        [
            Item("pending", _counted.Sum(jobs => jobs.Pending)),
            Item("enrolled", _counted.Sum(jobs => jobs.Enrolled)),
            Item("duplicate", _counted.Sum(jobs => jobs.Duplicate)),
            Item("rejected_quality", _counted.Sum(jobs => jobs.RejectedQuality)),
            Item("no_face", _counted.Sum(jobs => jobs.NoFace)),
            Item("failed", _counted.Sum(jobs => jobs.Failed)),
        ];

    private static Measurement<long> Item(string state, long count) => new(count, new KeyValuePair<string, object?>("facecloud.item.state", state));

    private async Task<IReadOnlyList<JobsOfAState>> CountAsync(CancellationToken cancellationToken)
    {
        var found = await _store.ReadAsync(
            context => context.Jobs
                .Where(job => job.State == JobState.Open || job.State == JobState.Closed)
                .GroupBy(job => job.State)
                .Select(jobs => new JobsOfAState(
                    jobs.Key,
                    jobs.LongCount(),
                    jobs.Sum(job => job.Pending),
                    jobs.Sum(job => job.Enrolled),
                    jobs.Sum(job => job.Duplicate),
                    jobs.Sum(job => job.RejectedQuality),
                    jobs.Sum(job => job.NoFace),
                    jobs.Sum(job => job.Failed)))
                .ToListAsync(cancellationToken),
            cancellationToken);
        return [.. new[] { JobState.Open, JobState.Closed }.Select(state =>
            found.SingleOrDefault(jobs => jobs.State == state) ?? new JobsOfAState(state, 0, 0, 0, 0, 0, 0, 0))];
    }

    private sealed record JobsOfAState(JobState State, long Count, long Pending, long Enrolled, long Duplicate, long RejectedQuality, long NoFace, long Failed);
}
