namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>One call of the index and its answer to come.</summary>
internal sealed class SearchRequest(IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<IndexSearch> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<float[]> Probes => probes;

    public int MaxPersons => maxPersons;

    /// <summary>Nobody waits for it any more.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    public Task<IndexSearch> Answer => _answer.Task;

    public void SetAnswer(IndexSearch search) => _answer.TrySetResult(search);

    public void SetCancelled() => _answer.TrySetCanceled(cancellationToken);

    public void SetFailure(Exception exception) => _answer.TrySetException(exception);
}
