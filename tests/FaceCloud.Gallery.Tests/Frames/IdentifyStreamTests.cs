using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Frames;

public sealed class IdentifyStreamTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IdentifyStream_Frames_AnswersWhatIdentifyAnswers()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        await host.EnrolAsync("bob", TestPhotos.Person(2));
        byte[][] photos = [TestPhotos.Person(1, 1), TestPhotos.Person(2, 1), TestPhotos.Person(3), TestPhotos.Landscape(), TestPhotos.Group(1, 2)];
        var settings = new IdentifyRequest { GalleryId = GalleryHost.Staff, IncludeBelowThreshold = true, Faces = FaceSelection.All, MaxCandidates = 3 };
        using var call = await OpenAsync(host, settings);

        for (var i = 0; i < photos.Length; i++)
        {
            var reply = await AskAsync(call, 100 + i, photos[i]);
            var request = settings.Clone();
            request.Probe = GalleryHost.PhotoProbe(photos[i]);
            var expected = await host.Client.IdentifyAsync(request);

            (reply.Answer.Timings, expected.Timings) = (null, null);
            Assert.Equal(100 + i, reply.FrameId);
            Assert.Equal(expected, reply.Answer);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancelled));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task IdentifyStream_UnreadableFrameAndBusyEncoder_FailThatFrameOnly()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        using var call = await OpenAsync(host, new IdentifyRequest { GalleryId = GalleryHost.Staff });

        var text = await AskAsync(call, 1, "not a photo"u8.ToArray());
        var empty = await AskAsync(call, 2, []);
        host.Encoder.IsDown = true;
        var down = await AskAsync(call, 3, TestPhotos.Person(1));
        host.Encoder.IsDown = false;
        var good = await AskAsync(call, 4, TestPhotos.Person(1));

        Assert.Equal(["PHOTO_NOT_AN_IMAGE", "PHOTO_EMPTY", "ENCODER_UNAVAILABLE"], new[] { text, empty, down }.Select(reply => reply.Failure.Reason));
        Assert.All(new[] { text, empty, down }, reply => Assert.NotEmpty(reply.Failure.Message));
        Assert.Equal(IdentifyOutcome.Recognized, good.Answer.Outcome);
    }

    [Fact]
    public async Task IdentifyStream_EncoderHeldUp_SkipsAndAnswersEveryFrameOnce()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (host.Encoder.Gate, host.Encoder.Called) = (gate.Task, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var call = await OpenAsync(host, new IdentifyRequest { GalleryId = GalleryHost.Staff });
        var photo = TestPhotos.Person(1, 1);

        await SendAsync(call, 1, photo);
        await host.Encoder.Called.Task.WaitAsync(Cancelled);
        for (var frame = 2; frame <= 6; frame++)
        {
            await SendAsync(call, frame, photo);
        }

        await call.RequestStream.CompleteAsync();
        var replies = new List<IdentifyStreamResponse>();
        while (replies.Count < 4 && await call.ResponseStream.MoveNext(Cancelled))
        {
            replies.Add(call.ResponseStream.Current);
        }

        gate.SetResult();
        replies.AddRange(await call.ResponseStream.ReadAllAsync(Cancelled).ToListAsync(Cancelled));

        Assert.Equal([2L, 3, 4, 5], replies.Take(4).Select(reply => reply.FrameId));
        Assert.All(replies.Take(4), reply => Assert.NotNull(reply.Skipped));
        Assert.Equal([(1, IdentifyOutcome.Recognized), (6, IdentifyOutcome.Recognized)], replies.Skip(4).Select(reply => (reply.FrameId, reply.Answer.Outcome)));
    }

    [Fact]
    public async Task IdentifyStream_GalleryDeletedOnTheWay_EndsWithNotFound()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        using var call = await OpenAsync(host, new IdentifyRequest { GalleryId = GalleryHost.Staff });
        await AskAsync(call, 1, TestPhotos.Person(1));

        await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });
        await SendAsync(call, 2, TestPhotos.Person(1));

        await AssertEndsAsync(call, StatusCode.NotFound, "GALLERY_NOT_FOUND");
    }

    [Fact]
    public async Task IdentifyStream_ModelChangedOnTheWay_EndsWithContractMismatch()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        using var call = await OpenAsync(host, new IdentifyRequest { GalleryId = GalleryHost.Staff });

        host.Encoder.Contract = "another:0123456789ab";
        await SendAsync(call, 1, TestPhotos.Person(1));

        await AssertEndsAsync(call, StatusCode.FailedPrecondition, "CONTRACT_MISMATCH");
    }

    [Fact]
    public async Task IdentifyStream_ClientCancels_TheWorkEnds()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        (host.Encoder.Gate, host.Encoder.Called) = (new TaskCompletionSource().Task, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var call = host.Frames.IdentifyStream(cancellationToken: cancelling.Token);
        await call.RequestStream.WriteAsync(new IdentifyStreamRequest { Settings = new IdentifyRequest { GalleryId = GalleryHost.Staff } }, Cancelled);
        await SendAsync(call, 1, TestPhotos.Person(1));
        await host.Encoder.Called.Task.WaitAsync(Cancelled);

        await cancelling.CancelAsync();

        // The encoder's gate never opens: only the cancellation ends its call.
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    public static TheoryData<StatusCode, string, string[]> BadBeginnings() => new()
    {
        { StatusCode.InvalidArgument, "INVALID_ARGUMENT", [] },
        { StatusCode.InvalidArgument, "INVALID_ARGUMENT", ["""{"frame":{"frameId":1}}"""] },
        { StatusCode.InvalidArgument, "INVALID_ARGUMENT", ["""{"settings":{"galleryId":"staff","probe":{"photo":"AAAA"}}}"""] },
        { StatusCode.InvalidArgument, "INVALID_ARGUMENT", ["""{"settings":{"galleryId":"staff","threshold":7}}"""] },
        { StatusCode.InvalidArgument, "INVALID_ARGUMENT", ["""{"settings":{"galleryId":"staff"}}""", """{"settings":{"galleryId":"staff"}}"""] },
        { StatusCode.InvalidArgument, "INVALID_ARGUMENT", ["""{"settings":{"galleryId":"staff"}}""", """{}"""] },
        { StatusCode.InvalidArgument, "INVALID_ID", ["""{"settings":{}}"""] },
        { StatusCode.NotFound, "GALLERY_NOT_FOUND", ["""{"settings":{"galleryId":"nowhere"}}"""] },
    };

    [Theory]
    [MemberData(nameof(BadBeginnings))]
    public async Task IdentifyStream_BadMessages_EndWithTheReason(StatusCode status, string reason, string[] messages)
    {
        await using var host = await GalleryHost.StartAsync();
        using var call = host.Frames.IdentifyStream(cancellationToken: Cancelled);

        foreach (var message in messages)
        {
            await call.RequestStream.WriteAsync(IdentifyStreamRequest.Parser.ParseJson(message), Cancelled);
        }

        if (messages.Length == 0)
        {
            await call.RequestStream.CompleteAsync();
        }

        await AssertEndsAsync(call, status, reason);
    }

    private static async Task<AsyncDuplexStreamingCall<IdentifyStreamRequest, IdentifyStreamResponse>> OpenAsync(GalleryHost host, IdentifyRequest settings)
    {
        var call = host.Frames.IdentifyStream(cancellationToken: Cancelled);
        await call.RequestStream.WriteAsync(new IdentifyStreamRequest { Settings = settings }, Cancelled);
        return call;
    }

    private static Task SendAsync(AsyncDuplexStreamingCall<IdentifyStreamRequest, IdentifyStreamResponse> call, long frame, byte[] photo) =>
        call.RequestStream.WriteAsync(new IdentifyStreamRequest { Frame = new Frame { FrameId = frame, Photo = ByteString.CopyFrom(photo) } }, Cancelled);

    private static async Task<IdentifyStreamResponse> AskAsync(AsyncDuplexStreamingCall<IdentifyStreamRequest, IdentifyStreamResponse> call, long frame, byte[] photo)
    {
        await SendAsync(call, frame, photo);
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));
        return call.ResponseStream.Current;
    }

    private static async Task AssertEndsAsync(AsyncDuplexStreamingCall<IdentifyStreamRequest, IdentifyStreamResponse> call, StatusCode status, string reason)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancelled));

        Assert.Equal((status, reason), (failure.StatusCode, failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason));
    }
}
