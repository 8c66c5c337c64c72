using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Inference.Sessions;

/// <summary>One session for one user at a time; disposing gives it back.</summary>
public sealed class SessionLease : IDisposable
{
    private readonly SessionPool _pool;
    private InferenceSession? _session;

    internal SessionLease(SessionPool pool, InferenceSession session)
    {
        _pool = pool;
        _session = session;
    }

    public InferenceSession Session => _session ?? throw new ObjectDisposedException(nameof(SessionLease));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            _pool.Return(session);
        }
    }
}
