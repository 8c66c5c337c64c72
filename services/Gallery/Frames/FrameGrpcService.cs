using System.Runtime.CompilerServices;
using FaceCloud.Gallery.Grpc;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Frames;

/// <summary>The receptionist of camera streams.</summary>
public sealed class FrameGrpcService(FrameIdentifier identifier, TimeProvider time) : FrameService.FrameServiceBase
{
    public override async Task IdentifyStream(
        IAsyncStreamReader<IdentifyStreamRequest> requestStream, IServerStreamWriter<IdentifyStreamResponse> responseStream, ServerCallContext context)
    {
        var settings = await SettingsAsync(requestStream, context.CancellationToken);
        await identifier.CheckAsync(settings, context.CancellationToken);

        var feed = new FrameFeed(identifier.IdentifyAsync, time);
        await feed.RunAsync(settings, FramesAsync(requestStream, context.CancellationToken), responseStream.WriteAsync, context.CancellationToken);
    }

    private static async Task<IdentifyRequest> SettingsAsync(IAsyncStreamReader<IdentifyStreamRequest> requests, CancellationToken cancellationToken) =>
        await requests.MoveNext(cancellationToken) && requests.Current.MessageCase == IdentifyStreamRequest.MessageOneofCase.Settings
            ? requests.Current.Settings
            : throw RequestChecks.Invalid("The first message of the stream must hold settings; every further one a frame.");

    private static async IAsyncEnumerable<Frame> FramesAsync(
        IAsyncStreamReader<IdentifyStreamRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ReadAllAsync(cancellationToken))
        {
            yield return request.MessageCase == IdentifyStreamRequest.MessageOneofCase.Frame
                ? request.Frame
                : throw RequestChecks.Invalid("After the first message every message of the stream must hold a frame.");
        }
    }
}
