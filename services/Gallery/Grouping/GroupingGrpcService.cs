using FaceCloud.Gallery.Similar;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Grouping;

/// <summary>The receptionist of "who is like whom".</summary>
public sealed class GroupingGrpcService(FaceGrouper grouper, SimilarFinder finder, IOptions<GalleryOptions> options, TimeProvider time)
    : GroupingService.GroupingServiceBase
{
    public override async Task<GroupResponse> Group(GroupRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var answer = await grouper.GroupAsync(GroupMapping.ToQuery(request), context.CancellationToken);
        return GroupMapping.ToProto(answer, options.Value.HighQuality, time.GetElapsedTime(started));
    }

    public override async Task<FindSimilarResponse> FindSimilar(FindSimilarRequest request, ServerCallContext context) =>
        SimilarMapping.ToProto(await finder.FindAsync(SimilarMapping.ToQuery(request), context.CancellationToken));
}
