using System.Collections.Concurrent;

namespace FaceCloud.ServiceDefaults.Lifetime;

/// <summary>
/// What a process must have done once before it can work, such as bringing its schema up to date. It listens meanwhile and
/// tells its health; calls are refused and messages wait. Safe for concurrent use.
/// </summary>
public sealed class StartSteps
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _steps = new(StringComparer.Ordinal);

    /// <summary>Those not done yet, as people read them: "store gallery".</summary>
    public IReadOnlyList<string> Open => [.. _steps.Where(step => !step.Value.Task.IsCompleted).Select(step => step.Key).Order(StringComparer.Ordinal)];

    /// <summary>Adds a step; before the host starts, so that nobody finds all steps done too early.</summary>
    public void Begin(string step) => _steps.TryAdd(step, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void End(string step) => _steps[step].TrySetResult();

    /// <summary>Waits until all steps are done.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_steps.Values.Select(step => step.Task)).WaitAsync(cancellationToken);
}
