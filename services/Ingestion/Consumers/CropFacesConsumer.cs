using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Photos;
using FaceCloud.ServiceDefaults.Tracing;
using FaceCloud.Vision;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>Takes a stored photo, finds and aligns its largest face, and hands it to the encoder; an unfit photo gets its outcome here.</summary>
public sealed class CropFacesConsumer(IPhotoStore photos, FaceAnalyzer analyzer, CropGate gate, CropPlaces places, IOptions<VisionOptions> vision, TimeProvider time)
    : IConsumer<CropFaces>
{
    public async Task Consume(ConsumeContext<CropFaces> context)
    {
        MessageTrace.RecordWait(context, Queues.CropFaces, time);
        var command = context.Message;
        var target = command.Target;
        var cancellationToken = context.CancellationToken;

        // A repetition of what is done already costs one look, not an analysis.
        switch (await gate.LookAsync(target, cancellationToken))
        {
            case ItemStanding.Settled:
                return;
            case ItemStanding.Waits:
                await gate.HoldAsync(target, cancellationToken);
                return;
            default:
                break;
        }

        try
        {
            var photo = await photos.ReadAsync(command.PhotoKey ?? "", cancellationToken);
            var analysis = await places.RunAsync(() => AnalyzeAsync(photo, command, cancellationToken), cancellationToken);
            await context.Publish(Next(command, analysis), cancellationToken);
        }
        catch (FailureException failure) when (!MayHeal(failure.Reason))
        {
            await context.Publish(
                new EnrolmentOutcome
                {
                    Target = target,
                    Outcome = EnrolOutcome.Failed,
                    ErrorReason = failure.Reason.ToWire(),
                    Message = failure.Message,
                },
                cancellationToken);
        }
    }

    private async Task<PhotoAnalysis> AnalyzeAsync(ReadOnlyMemory<byte> photo, CropFaces command, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var analysis = await analyzer.AnalyzeAsync(photo, vision.Value.EnrolmentGate(command.MinQuality), maxFaces: 1, cancellationToken);
        Telemetry.RecordStage("crop", time.GetElapsedTime(started));
        return analysis;
    }

    // The photo itself is at fault or gone; anything else is tried again.
    private static bool MayHeal(FailureReason reason) => reason is not (
        FailureReason.PhotoEmpty or
        FailureReason.PhotoTooLarge or
        FailureReason.PhotoTooManyPixels or
        FailureReason.PhotoNotAnImage or
        FailureReason.PhotoUnsupported or
        FailureReason.PhotoDamaged or
        FailureReason.PhotoNotFound);

    private static object Next(CropFaces command, PhotoAnalysis analysis)
    {
        var verdict = EnrolmentVerdict.Of(analysis, command.MaxFaces);
        return verdict.Face is { } face
            ? new EncodeFace
            {
                Target = command.Target,
                Crop = face.Crop.ToArray(),
                Box = face.Box,
                Quality = face.Quality,
            }
            : new EnrolmentOutcome
            {
                Target = command.Target,
                Outcome = verdict.Refusal,
                Reasons = verdict.Reasons,
                Message = verdict.Message,
            };
    }
}
