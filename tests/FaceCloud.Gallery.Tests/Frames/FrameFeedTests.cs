using System.Threading.Channels;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Frames;
using FaceCloud.Protos.Gallery.V1;
using static FaceCloud.Protos.Gallery.V1.IdentifyStreamResponse;

namespace FaceCloud.Gallery.Tests.Frames;

/// <summary>One camera, with an identification that the test holds up.</summary>
public sealed class FrameFeedTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_FramesWhileOneIsWorkedOn_NewestWinsAndTheOthersAreReported()
    {
        var camera = new Camera();
        camera.Send(1);
        await camera.WorkingOn(1);
        camera.Send(2, 3, 4, 5);

        // Reported before anything is answered.
        Assert.Equal([(2, ResultOneofCase.Skipped), (3, ResultOneofCase.Skipped), (4, ResultOneofCase.Skipped)], await camera.RepliesAsync(3));
        camera.Finish(1);
        await camera.WorkingOn(5);
        camera.Finish(5);
        camera.HangUp();

        Assert.Equal([(1, ResultOneofCase.Answer), (5, ResultOneofCase.Answer)], await camera.RepliesAsync(2));
        await camera.Running;
        Assert.Equal([1L, 5L], camera.Worked);
    }

    [Fact]
    public async Task Run_SlowCameraFastServer_EveryFrameIsAnsweredInOrder()
    {
        var camera = new Camera();
        for (var frame = 1; frame <= 20; frame++)
        {
            camera.Send(frame);
            await camera.WorkingOn(frame);
            camera.Finish(frame);
            Assert.Equal([(frame, ResultOneofCase.Answer)], await camera.RepliesAsync(1));
        }

        camera.HangUp();
        await camera.Running;

        Assert.Equal(20, camera.Worked.Count);
    }

    [Fact]
    public async Task Run_HalfClosedWithAFrameWaiting_AnswersItBeforeTheEnd()
    {
        var camera = new Camera();
        camera.Send(1);
        await camera.WorkingOn(1);
        camera.Send(2);
        camera.HangUp();

        camera.Finish(1);
        camera.Finish(2);
        await camera.Running;

        Assert.Equal([(1, ResultOneofCase.Answer), (2, ResultOneofCase.Answer)], await camera.RepliesAsync(2));
    }

    [Fact]
    public async Task Run_HalfClosedWithoutAFrame_Ends()
    {
        var camera = new Camera();
        camera.HangUp();

        await camera.Running;

        Assert.Empty(camera.Worked);
    }

    [Fact]
    public async Task Run_Cancelled_EndsWithWorkAndWaitingFrame()
    {
        var camera = new Camera();
        camera.Send(1);
        await camera.WorkingOn(1);
        camera.Send(2);

        await camera.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => camera.Running);
        Assert.Equal([1L], camera.Worked);
    }

    [Fact]
    public async Task Run_WorkFails_EndsWithThatFailureThoughTheCameraGoesOn()
    {
        var camera = new Camera();
        camera.Send(1);
        await camera.WorkingOn(1);

        camera.Fail(1, new FailureException(FailureReason.GalleryNotFound, "Gone."));

        Assert.Equal(FailureReason.GalleryNotFound, (await Assert.ThrowsAsync<FailureException>(() => camera.Running)).Reason);
    }

    [Fact]
    public async Task Run_CameraFails_EndsWithThatFailure()
    {
        var camera = new Camera();
        camera.Send(1);
        await camera.WorkingOn(1);

        camera.Break(new IOException("The client has gone."));

        await Assert.ThrowsAsync<IOException>(() => camera.Running);
    }

    [Fact]
    public async Task Run_RepliesCannotBeSent_EndsWithThatFailure()
    {
        var camera = new Camera { SendFailure = new IOException("The client has gone.") };
        camera.Send(1);
        await camera.WorkingOn(1);

        camera.Finish(1);

        await Assert.ThrowsAsync<IOException>(() => camera.Running);
    }

    // The caller who does not read is slowed down: frames are left where they are, and none of them is in our memory.
    [Fact]
    public async Task Run_NobodyReadsReplies_FramesAreNoLongerTaken()
    {
        var camera = new Camera(holdReplies: true);
        camera.Send(1);
        await camera.WorkingOn(1);
        camera.Send([.. Enumerable.Range(2, 999)]);

        await camera.UntilNoMoreIsTakenAsync();
        var taken = camera.Taken;
        camera.LetRepliesGo();
        camera.FinishAll();
        camera.HangUp();
        var replies = await camera.RepliesAsync(1000);
        await camera.Running;

        Assert.InRange(taken, 2, 50);
        Assert.Equal(Enumerable.Range(1, 1000).Select(frame => (long)frame), replies.Select(reply => reply.Frame).Order());
    }

    private sealed class Camera
    {
        private readonly Channel<Frame> _frames = Channel.CreateUnbounded<Frame>();
        private readonly Channel<IdentifyStreamResponse> _replies = Channel.CreateUnbounded<IdentifyStreamResponse>();
        private readonly TaskCompletionSource _replying = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        private readonly Lock _lock = new();
        private readonly Dictionary<long, (TaskCompletionSource Begun, TaskCompletionSource Done)> _work = [];
        private int _taken;
        private bool _all;

        public Camera(bool holdReplies = false)
        {
            if (!holdReplies)
            {
                _replying.SetResult();
            }

            var feed = new FrameFeed(IdentifyAsync, TimeProvider.System);
            Running = feed.RunAsync(new IdentifyRequest { GalleryId = "staff" }, ReadAsync(), SendAsync, _cancelling.Token);
        }

        public Task Running { get; }

        public List<long> Worked { get; } = [];

        public Exception? SendFailure { get; init; }

        public int Taken => Volatile.Read(ref _taken);

        public void Send(params int[] frames)
        {
            foreach (var frame in frames)
            {
                _frames.Writer.TryWrite(new Frame { FrameId = frame });
            }
        }

        public void HangUp() => _frames.Writer.Complete();

        public void Break(Exception failure) => _frames.Writer.Complete(failure);

        public Task CancelAsync() => _cancelling.CancelAsync();

        public Task WorkingOn(long frame) => Work(frame).Begun.Task.WaitAsync(Cancelled);

        public void Finish(long frame) => Work(frame).Done.TrySetResult();

        public void Fail(long frame, Exception failure) => Work(frame).Done.TrySetException(failure);

        public void FinishAll()
        {
            lock (_lock)
            {
                _all = true;
                foreach (var (_, done) in _work.Values)
                {
                    done.TrySetResult();
                }
            }
        }

        public void LetRepliesGo() => _replying.SetResult();

        public async Task<List<(long Frame, ResultOneofCase Result)>> RepliesAsync(int count)
        {
            var replies = new List<(long, ResultOneofCase)>();
            while (replies.Count < count)
            {
                var reply = await _replies.Reader.ReadAsync(Cancelled);
                replies.Add((reply.FrameId, reply.ResultCase));
            }

            return replies;
        }

        public async Task UntilNoMoreIsTakenAsync()
        {
            var before = -1;
            while (before != Taken)
            {
                before = Taken;
                await Task.Delay(200, Cancelled);
            }
        }

        private async IAsyncEnumerable<Frame> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(cancellationToken))
            {
                Interlocked.Increment(ref _taken);
                yield return frame;
            }
        }

        private async Task<IdentifyStreamResponse> IdentifyAsync(IdentifyRequest settings, Frame frame, CancellationToken cancellationToken)
        {
            Worked.Add(frame.FrameId);
            var (begun, done) = Work(frame.FrameId);
            begun.SetResult();
            await done.Task.WaitAsync(cancellationToken);
            return new IdentifyStreamResponse { FrameId = frame.FrameId, Answer = new IdentifyResponse() };
        }

        private async Task SendAsync(IdentifyStreamResponse reply, CancellationToken cancellationToken)
        {
            await _replying.Task.WaitAsync(cancellationToken);
            if (SendFailure is not null)
            {
                throw SendFailure;
            }

            _replies.Writer.TryWrite(reply);
        }

        private (TaskCompletionSource Begun, TaskCompletionSource Done) Work(long frame)
        {
            lock (_lock)
            {
                if (!_work.TryGetValue(frame, out var work))
                {
                    _work.Add(frame, work = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)));
                    if (_all)
                    {
                        work.Done.SetResult();
                    }
                }

                return work;
            }
        }
    }
}
