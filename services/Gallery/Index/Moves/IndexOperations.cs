using System.Threading.Channels;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index.Moves;

/// <summary>Verifies, rebuilds and switches the index in the background, one after the other; tells how far it is.</summary>
internal sealed class IndexOperations(
    IndexRouter router,
    IndexSelection selection,
    IndexMover mover,
    IndexReconciler reconciler,
    IndexState state,
    GalleryStore store,
    TimeProvider time,
    ILogger<IndexOperations> logger) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _begun = Channel.CreateBounded<bool>(1);
    private CancellationTokenSource? _running;
    private IndexOperation? _operation;

    /// <summary>The running one, or the last; null: none yet.</summary>
    public IndexOperation? Current => Volatile.Read(ref _operation);

    /// <exception cref="FailureException">IndexBusy.</exception>
    public void Verify(GalleryKey? gallery, bool repair) =>
        Begin(new IndexOperation { Kind = IndexOperationKind.Verify, Gallery = gallery, Repair = repair, StartedAt = time.GetUtcNow() });

    /// <exception cref="FailureException">IndexBusy.</exception>
    public void Rebuild() => Begin(new IndexOperation { Kind = IndexOperationKind.Rebuild, Target = selection.Kind, StartedAt = time.GetUtcNow() });

    /// <summary>To the kind in use: gives up a move that is under way.</summary>
    /// <exception cref="FailureException">IndexBusy.</exception>
    public void Switch(IndexKind kind)
    {
        lock (_lock)
        {
            if (kind == selection.Kind)
            {
                if (_operation is { State: IndexOperationState.Running, Kind: not IndexOperationKind.Verify })
                {
                    _running?.Cancel();
                }

                return;
            }

            Begin(new IndexOperation { Kind = IndexOperationKind.Switch, Target = kind, StartedAt = time.GetUtcNow() });
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (selection.MovingTo is { } target)
        {
            Volatile.Write(ref _operation, new IndexOperation
            {
                Kind = target == selection.Kind ? IndexOperationKind.Rebuild : IndexOperationKind.Switch,
                Target = target,
                Message = "Goes on after a restart.",
                StartedAt = time.GetUtcNow(),
            });
        }

        await state.WaitAsync(stoppingToken);
        if (selection.MovingTo is not null)
        {
            await RunAsync(isResumed: true, stoppingToken);
        }

        await foreach (var _ in _begun.Reader.ReadAllAsync(stoppingToken))
        {
            await RunAsync(isResumed: false, stoppingToken);
        }
    }

    private void Begin(IndexOperation operation)
    {
        lock (_lock)
        {
            if (_operation is { State: IndexOperationState.Running } running)
            {
                throw new FailureException(
                    FailureReason.IndexBusy, $"The index is busy with another operation ({running.Kind}, {running.GalleriesDone} of {running.Galleries} galleries); wait until it has ended.");
            }

            Volatile.Write(ref _operation, operation);
            _begun.Writer.TryWrite(true);
        }
    }

    private async Task RunAsync(bool isResumed, CancellationToken stoppingToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        lock (_lock)
        {
            _running = running;
        }

        var operation = _operation!;
        try
        {
            if (operation.Kind == IndexOperationKind.Verify)
            {
                await VerifyAsync(operation, running.Token);
            }
            else
            {
                await mover.MoveAsync(operation.Target!.Value, isResumed, Report, running.Token);
            }

            End(IndexOperationState.Succeeded, "");
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            await mover.GiveUpAsync(operation.Target!.Value);
            End(IndexOperationState.Cancelled, "Given up; the index in use is the one before.");
        }
        catch (FailureException exception)
        {
            End(IndexOperationState.Failed, exception.Message);
        }
        catch (Exception exception)
        {
            Log.IndexOperationFailed(logger, operation.Kind, exception);
            End(IndexOperationState.Failed, "Something broke on the server; its log has the details.");
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }
        }

        void Report(int done, int galleries, Drift drift, string message) =>
            Change(current => current with { GalleriesDone = done, Galleries = galleries, Drift = drift, Message = message });
    }

    private async Task VerifyAsync(IndexOperation operation, CancellationToken cancellationToken)
    {
        IReadOnlyList<GalleryKey> galleries = operation.Gallery is { } one ? [one] : await store.ListAllGalleriesAsync(cancellationToken);
        if (operation.Gallery is null)
        {
            galleries = [.. galleries, .. await router.ListGalleriesAsync(galleries.ToHashSet(), cancellationToken)];
        }

        Change(current => current with { Galleries = galleries.Count });
        foreach (var gallery in galleries)
        {
            var drift = await reconciler.ReconcileAsync(router, gallery, withValues: true, operation.Repair, cancellationToken);
            Change(current => current with { GalleriesDone = current.GalleriesDone + 1, Drift = current.Drift + drift });
        }
    }

    private void End(IndexOperationState end, string message)
    {
        Change(current => current with { State = end, Message = message, FinishedAt = time.GetUtcNow() });
        Log.IndexOperationEnded(logger, _operation!.Kind, end, message);
    }

    private void Change(Func<IndexOperation, IndexOperation> change)
    {
        lock (_lock)
        {
            Volatile.Write(ref _operation, change(_operation!));
        }
    }
}
