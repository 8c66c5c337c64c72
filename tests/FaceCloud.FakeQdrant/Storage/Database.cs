using Grpc.Core;

namespace FaceCloud.FakeQdrant.Storage;

/// <summary>Collections and aliases; a reader sees whole changes only.</summary>
internal sealed class Database(bool answersFlat)
{
    private readonly Lock _lock = new();
    private readonly DatabaseContents _contents = new();
    private readonly Queue<Action> _unapplied = new();
    private int _timeouts;

    public bool AnswersFlat => answersFlat;

    public T Read<T>(Func<DatabaseContents, T> read)
    {
        lock (_lock)
        {
            return read(_contents);
        }
    }

    public T Change<T>(Func<DatabaseContents, T> change) => Read(change);

    public void TimeOutNextWrites(int times) => Interlocked.Exchange(ref _timeouts, times);

    /// <summary>A change of points: now when the caller waits for it, else when somebody else's is waited for.</summary>
    /// <returns>True when it is done, false when it is only noted, null when it did not end in time.</returns>
    public bool? Write(string collection, bool wait, Action<StoredCollection> change)
    {
        lock (_lock)
        {
            var stored = Find(collection);
            _unapplied.Enqueue(() => change(stored));
            if (!wait)
            {
                return false;
            }

            if (Interlocked.Decrement(ref _timeouts) >= 0)
            {
                return null;
            }

            while (_unapplied.TryDequeue(out var next))
            {
                next();
            }

            return true;
        }
    }

    public T ReadCollection<T>(string name, Func<StoredCollection, T> read)
    {
        lock (_lock)
        {
            return read(Find(name));
        }
    }

    private StoredCollection Find(string name) =>
        _contents.Collections.GetValueOrDefault(_contents.Aliases.GetValueOrDefault(name) ?? name)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"Not found: Collection `{name}` doesn't exist!"));
}
