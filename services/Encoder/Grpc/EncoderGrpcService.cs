using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Encoder.V1;
using Grpc.Core;

namespace FaceCloud.Encoder.Grpc;

/// <summary>The calls of encoder.proto.</summary>
internal sealed class EncoderGrpcService(IFaceEncoder encoder) : EncoderService.EncoderServiceBase
{
    private const int MaxCrops = 256;

    public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        if (request.Crops.Count is 0 or > MaxCrops)
        {
            throw new FailureException(FailureReason.InvalidArgument, $"crops: there are {request.Crops.Count}; send 1 to {MaxCrops}.");
        }

        var encoded = await encoder.EncodeAsync([.. request.Crops.Select(crop => crop.Memory)], EncodePriority.Interactive, context.CancellationToken);
        return encoded.ToResponse();
    }

    public override async Task<Model> GetModel(GetModelRequest request, ServerCallContext context)
    {
        var model = await encoder.GetModelAsync(context.CancellationToken);
        return model.ToProto();
    }
}
