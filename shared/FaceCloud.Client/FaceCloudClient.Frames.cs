using System.Runtime.CompilerServices;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Client;

/// <content>Frames of a camera.</content>
public sealed partial class FaceCloudClient
{
    /// <summary>
    /// 1:K for every frame that the server has time for; the others come back as skipped, each frame exactly once. Frames are sent as
    /// the source gives them, while replies are read: read them all the time, since an unread stream comes to a halt.
    /// Ends when the source has ended and all replies have come. Not repeated by itself: a stream that broke may be opened again.
    /// </summary>
    /// <param name="galleryId">Who is searched.</param>
    /// <param name="frames">With ids of your own, such as a counter.</param>
    /// <param name="options">As for a photo.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, CONTRACT_MISMATCH, INVALID_ARGUMENT, UNREACHABLE, ….</exception>
    public async IAsyncEnumerable<IdentifyStreamResponse> IdentifyFramesAsync(
        string galleryId, IAsyncEnumerable<Frame> frames, IdentifyOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = Frames.IdentifyStream(cancellationToken: ending.Token);
        var sending = SendAsync(call.RequestStream, new IdentifyStreamRequest { Settings = Request(galleryId, options) }, frames, ending);
        try
        {
            while (await NextAsync(call.ResponseStream, sending, ending.Token, cancellationToken).ConfigureAwait(false))
            {
                yield return call.ResponseStream.Current;
            }
        }
        finally
        {
            // The source must not be read any more once the caller has gone.
            await ending.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(
        IClientStreamWriter<IdentifyStreamRequest> requests, IdentifyStreamRequest settings, IAsyncEnumerable<Frame> frames, CancellationTokenSource ending)
    {
        try
        {
            if (!await WriteAsync(settings).ConfigureAwait(false))
            {
                return;
            }

            await foreach (var frame in frames.WithCancellation(ending.Token).ConfigureAwait(false))
            {
                if (!await WriteAsync(new IdentifyStreamRequest { Frame = frame }).ConfigureAwait(false))
                {
                    return;
                }
            }

            await requests.CompleteAsync().ConfigureAwait(false);
        }
        catch
        {
            // A source that fails ends the call; the caller gets its failure.
            await ending.CancelAsync().ConfigureAwait(false);
            throw;
        }

        // False when the server has ended the call: why stands in its status, not in the failed write.
        async Task<bool> WriteAsync(IdentifyStreamRequest request)
        {
            try
            {
                await requests.WriteAsync(request, ending.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (exception is RpcException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    private async Task<bool> NextAsync(
        IAsyncStreamReader<IdentifyStreamResponse> replies, Task sending, CancellationToken ending, CancellationToken cancellationToken)
    {
        try
        {
            return await replies.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            if (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Not the call: the source of the frames. Its failure is thrown here.
                await sending.ConfigureAwait(false);
            }

            throw _gallery.Translate(exception, cancellationToken);
        }
    }
}
