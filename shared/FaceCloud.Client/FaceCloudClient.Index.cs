using System.Runtime.CompilerServices;
using FaceCloud.Protos.Gallery.V1;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Client;

/// <content>The index, for those who run the server.</content>
public sealed partial class FaceCloudClient
{
    private static readonly TimeSpan IndexPollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The bare calls about the index: no deadline, errors as RpcException.</summary>
    public IndexService.IndexServiceClient Index => new(_gallery.Invoker);

    /// <summary>Which index is in use, and the operation that runs or ran last.</summary>
    /// <exception cref="FaceCloudException">UNREACHABLE, ….</exception>
    public Task<V1.Index> GetIndexAsync(CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(Index.GetIndexAsync(new GetIndexRequest(), Plain(cancellationToken)), cancellationToken);

    /// <summary>Begins to compare the index with the store.</summary>
    /// <param name="galleryId">Only this one; null: all.</param>
    /// <param name="repair">Also brings the index in line.</param>
    /// <param name="cancellationToken">Ends the call, not the operation.</param>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, INDEX_BUSY, UNREACHABLE, ….</exception>
    public Task<V1.Index> VerifyIndexAsync(string? galleryId = null, bool repair = false, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Index.VerifyIndexAsync(new VerifyIndexRequest { GalleryId = galleryId ?? "", Repair = repair }, Plain(cancellationToken)), cancellationToken);

    /// <summary>Begins to build the index anew from the store; the one in use answers meanwhile.</summary>
    /// <exception cref="FaceCloudException">INDEX_BUSY, UNREACHABLE, ….</exception>
    public Task<V1.Index> RebuildIndexAsync(CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(Index.RebuildIndexAsync(new RebuildIndexRequest(), Plain(cancellationToken)), cancellationToken);

    /// <summary>Begins a move to another kind of index; the kind in use gives up a move that is under way.</summary>
    /// <exception cref="FaceCloudException">INVALID_ARGUMENT, INDEX_BUSY, UNREACHABLE, ….</exception>
    public Task<V1.Index> SwitchIndexAsync(IndexKind kind, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(Index.SwitchIndexAsync(new SwitchIndexRequest { Kind = kind }, Plain(cancellationToken)), cancellationToken);

    /// <summary>The index again and again until no operation runs. Has no deadline; stop by leaving the loop or by the token.</summary>
    /// <exception cref="FaceCloudException">UNREACHABLE, ….</exception>
    public async IAsyncEnumerable<V1.Index> WatchIndexAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var index = await GetIndexAsync(cancellationToken).ConfigureAwait(false);
            yield return index;
            if (index.Operation is not { State: IndexOperationState.Running })
            {
                yield break;
            }

            await Task.Delay(IndexPollInterval, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
