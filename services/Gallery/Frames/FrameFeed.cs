using System.Threading.Channels;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Frames;

/// <summary>
/// One camera: frames in, one reply each out. One frame is worked on, one waits, and the newest is the one that waits. Three tasks
/// (read, work, send) with bounded places between them, so a caller who does not read replies comes to a halt by itself.
/// </summary>
/// <param name="identify">Answers one frame.</param>
/// <param name="time">For the times that replies name.</param>
public sealed class FrameFeed(Func<IdentifyRequest, Frame, CancellationToken, Task<IdentifyStreamResponse>> identify, TimeProvider time)
{
    // Replies without photos: a few kilobytes at most.
    private const int Unsent = 16;

    /// <summary>Ends when the frames have ended and all replies are sent, at the first failure, or when cancelled.</summary>
    public async Task RunAsync(
        IdentifyRequest settings, IAsyncEnumerable<Frame> frames, Func<IdentifyStreamResponse, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var replies = Channel.CreateBounded<IdentifyStreamResponse>(new BoundedChannelOptions(Unsent) { SingleReader = true });
        Waiting? stale = null;
        var waiting = Channel.CreateBounded<Waiting>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true },
            dropped => stale = dropped);

        var reading = EndingOthersAsync(ReadAsync);
        var working = EndingOthersAsync(WorkAsync);
        var sending = EndingOthersAsync(SendAsync);
        await Task.WhenAll(ProducingAsync(), sending);

        async Task ReadAsync(CancellationToken token)
        {
            await foreach (var frame in frames.WithCancellation(token))
            {
                stale = null;
                waiting.Writer.TryWrite(new Waiting(frame, time.GetTimestamp()));
                if (stale is { } skipped)
                {
                    Telemetry.CountFrame("skipped");
                    await replies.Writer.WriteAsync(
                        new IdentifyStreamResponse { FrameId = skipped.Frame.FrameId, Skipped = new SkippedFrame(), WaitedMs = skipped.Milliseconds(time) }, token);
                }
            }

            waiting.Writer.Complete();
        }

        async Task WorkAsync(CancellationToken token)
        {
            await foreach (var next in waiting.Reader.ReadAllAsync(token))
            {
                var waited = next.Milliseconds(time);
                var reply = await identify(settings, next.Frame, token);
                reply.WaitedMs = waited;
                Telemetry.CountFrame(reply.ResultCase == IdentifyStreamResponse.ResultOneofCase.Answer ? "answered" : "failed");
                await replies.Writer.WriteAsync(reply, token);
            }
        }

        async Task ProducingAsync()
        {
            try
            {
                await Task.WhenAll(reading, working);
            }
            finally
            {
                replies.Writer.TryComplete();
            }
        }

        async Task SendAsync(CancellationToken token)
        {
            await foreach (var reply in replies.Reader.ReadAllAsync(token))
            {
                await send(reply, token);
            }
        }

        // The first failure is the stream's: the others end as cancelled, which counts for nothing beside it.
        async Task EndingOthersAsync(Func<CancellationToken, Task> part)
        {
            try
            {
                await part(ending.Token);
            }
            catch
            {
                await ending.CancelAsync();
                throw;
            }
        }
    }

    private readonly record struct Waiting(Frame Frame, long Since)
    {
        public double Milliseconds(TimeProvider time) => time.GetElapsedTime(Since).TotalMilliseconds;
    }
}
