using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.Photos;

/// <summary>
/// Photos on their way through the pipeline (claim check): in a folder, or in an object store.
/// Keys are 4 to 64 of a-z and 0-9 and mean nothing else.
/// </summary>
public interface IPhotoStore
{
    /// <summary>Stores the photo whole or not at all; when this returns, a crash of the machine does not lose it. The same key again replaces it.</summary>
    /// <exception cref="FailureException">PhotoStoreFull.</exception>
    Task SaveAsync(string key, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken);

    /// <exception cref="FailureException">PhotoNotFound.</exception>
    Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Deletes the photo; that there is none is fine.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes photos saved before <paramref name="savedBefore"/>, but for those that <paramref name="stillNeeded"/> picks
    /// from the keys it is given, some hundred at a time. Answers how many were deleted.
    /// </summary>
    Task<int> SweepAsync(
        DateTimeOffset savedBefore,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlySet<string>>> stillNeeded,
        CancellationToken cancellationToken);

    /// <summary>Throws when nothing can be stored.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
