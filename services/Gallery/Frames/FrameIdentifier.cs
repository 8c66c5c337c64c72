using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Grpc;
using FaceCloud.Gallery.Identification;
using FaceCloud.Gallery.Store;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Frames;

/// <summary>Asks about a frame what Identify asks about a photo: the same request, the same decision, the same answer.</summary>
public sealed class FrameIdentifier(GalleryStore store, Identifier identifier, IOptions<GalleryOptions> options, TimeProvider time)
{
    // What belongs to the frame or to the moment; all else would meet the next frame too.
    private static readonly HashSet<FailureReason> OfOneFrame =
    [
        FailureReason.PhotoEmpty,
        FailureReason.PhotoTooLarge,
        FailureReason.PhotoTooManyPixels,
        FailureReason.PhotoNotAnImage,
        FailureReason.PhotoUnsupported,
        FailureReason.PhotoDamaged,
        FailureReason.EmbeddingNotFinite,
        FailureReason.EncoderBusy,
        FailureReason.EncoderUnavailable,
        FailureReason.StoreUnavailable,
    ];

    /// <summary>Whether the settings are good for any frame, so that the caller hears of it before the first.</summary>
    /// <exception cref="FailureException">InvalidArgument, InvalidId, GalleryNotFound, StoreUnavailable.</exception>
    public async Task CheckAsync(IdentifyRequest settings, CancellationToken cancellationToken)
    {
        if (settings.Probe is not null)
        {
            throw RequestChecks.Invalid("The settings of a stream must not hold a probe; send frames.");
        }

        await store.GetGalleryAsync(IdentifyMapping.ToQuery(With(settings, ByteString.Empty)).Gallery, cancellationToken);
    }

    /// <summary>An answer, or a failure that ends with this frame.</summary>
    /// <exception cref="FailureException">What ends the stream: GalleryNotFound, ContractMismatch, ModelNotCalibrated, ….</exception>
    public async Task<IdentifyStreamResponse> IdentifyAsync(IdentifyRequest settings, Frame frame, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var reply = new IdentifyStreamResponse { FrameId = frame.FrameId };
        try
        {
            var answer = await identifier.IdentifyAsync(IdentifyMapping.ToQuery(With(settings, frame.Photo)), cancellationToken);
            Telemetry.CountDecisions(answer.Faces.Select(face => face.Outcome));
            reply.Answer = IdentifyMapping.ToProto(answer, options.Value.HighQuality, time.GetElapsedTime(started));
        }
        catch (FailureException failure) when (OfOneFrame.Contains(failure.Reason))
        {
            reply.Failure = new FrameFailure { Reason = failure.Reason.ToWire(), Message = failure.Message };
        }

        return reply;
    }

    private static IdentifyRequest With(IdentifyRequest settings, ByteString photo)
    {
        var request = settings.Clone();
        request.Probe = new Probe { Photo = photo };
        return request;
    }
}
