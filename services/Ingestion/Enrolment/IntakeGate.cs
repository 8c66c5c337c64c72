using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Store;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// How many photos may be on the way at once, in all processes together: what the client sends faster than the slowest stage works
/// would else gather in the broker (a crop is 50 KB there) and in the photo store. Whoever comes to a full house waits at the door,
/// so a stream slows down. After <see cref="IngestionOptions.IntakePatience"/> it is turned away. Held photos are not counted: a paused job must not keep others out.
/// </summary>
public sealed class IntakeGate(IngestionStore store, IOptions<IngestionOptions> options, TimeProvider time) : IDisposable
{
    // Often enough to follow; between two looks each process counts on by itself.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _looking = new(1);
    private long _counted;
    private long _letIn;
    private long? _lookedAt;

    /// <summary>Returns once there is room for one more photo.</summary>
    /// <exception cref="FailureException">IntakeFull, StoreUnavailable.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var came = time.GetTimestamp();
        while (!await TryEnterAsync(cancellationToken))
        {
            if (time.GetElapsedTime(came) >= options.Value.IntakePatience)
            {
                throw new FailureException(
                    FailureReason.IntakeFull, $"{options.Value.MostPending} photos are on the way, as many as may be; send this one again later.");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public void Dispose() => _looking.Dispose();

    private async Task<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_lookedAt is not { } last || time.GetElapsedTime(last) >= LookEvery)
            {
                _counted = await CountAsync(cancellationToken);
                (_letIn, _lookedAt) = (0, time.GetTimestamp());
            }

            if (_counted + _letIn >= options.Value.MostPending)
            {
                return false;
            }

            _letIn++;
            return true;
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task<long> CountAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(context => context.CountOnTheWayAsync(options.Value.MostPending, cancellationToken), cancellationToken);
}
