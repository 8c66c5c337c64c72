using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>Answers frames by what stands in them; a frame that says "stale" is skipped, one that says "gone" ends the stream.</summary>
internal sealed class FakeFrames(FakeGallery gallery) : FrameService.FrameServiceBase
{
    private const string Stale = "stale";
    private const string Gone = "gone";

    public IdentifyRequest? LastSettings { get; private set; }

    public override async Task IdentifyStream(
        IAsyncStreamReader<IdentifyStreamRequest> requestStream, IServerStreamWriter<IdentifyStreamResponse> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (request.Settings is { } settings)
            {
                LastSettings = settings;
                await gallery.GetGallery(new GetGalleryRequest { GalleryId = settings.GalleryId }, context);
                continue;
            }

            await responseStream.WriteAsync(await ReplyAsync(request.Frame, context), context.CancellationToken);
        }
    }

    private async Task<IdentifyStreamResponse> ReplyAsync(Frame frame, ServerCallContext context)
    {
        var reply = new IdentifyStreamResponse { FrameId = frame.FrameId };
        try
        {
            var faces = FakePhoto.Faces(frame.Photo);
            if (faces.Contains(Gone))
            {
                throw new FailureException(FailureReason.GalleryNotFound, "There is no gallery any more.");
            }

            if (faces.Contains(Stale))
            {
                reply.Skipped = new SkippedFrame();
            }
            else
            {
                var request = LastSettings!.Clone();
                request.Probe = new Probe { Photo = frame.Photo };
                reply.Answer = await gallery.Identify(request, context);
            }
        }
        catch (FailureException failure) when (failure.Reason != FailureReason.GalleryNotFound)
        {
            reply.Failure = new FrameFailure { Reason = failure.Reason.ToWire(), Message = failure.Message };
        }

        return reply;
    }
}
