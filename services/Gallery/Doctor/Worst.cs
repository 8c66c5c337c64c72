namespace FaceCloud.Gallery.Doctor;

/// <summary>Counts all findings of a kind and keeps the worst, in bounded memory.</summary>
/// <param name="capacity">Kept.</param>
/// <param name="badness">Greater is worse.</param>
internal sealed class Worst<T>(int capacity, Func<T, float> badness)
{
    private readonly PriorityQueue<T, float> _kept = new();

    public long Count { get; private set; }

    public void Add(T finding)
    {
        Count++;
        if (_kept.Count < capacity)
        {
            _kept.Enqueue(finding, badness(finding));
        }
        else
        {
            _kept.EnqueueDequeue(finding, badness(finding));
        }
    }

    public Finding<T> ToFinding() => new(Count, [.. _kept.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)]);
}
