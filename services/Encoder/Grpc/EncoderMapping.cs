using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Encoder.V1;

namespace FaceCloud.Encoder.Grpc;

/// <summary>What the encoder says, in the words of encoder.proto.</summary>
internal static class EncoderMapping
{
    public static EmbedResponse ToResponse(this EncodedFaces faces)
    {
        var response = new EmbedResponse
        {
            EmbeddingContract = faces.EmbeddingContract,
            QueueMs = faces.Queued.TotalMilliseconds,
            EncodeMs = faces.Encoding.TotalMilliseconds,
        };
        foreach (var embedding in faces.Embeddings)
        {
            var crop = new CropEmbedding();
            crop.Values.AddRange(embedding);
            response.Embeddings.Add(crop);
        }

        return response;
    }

    public static Model ToProto(this EncoderModel model)
    {
        var proto = new Model
        {
            Name = model.Name,
            EmbeddingContract = model.EmbeddingContract,
            Dimension = model.Dimension,
            Sha256 = model.Sha256,
            ExecutionProvider = model.ExecutionProvider,
            Licence = model.Licence,
        };
        proto.Calibration.AddRange(model.Calibration.Select(point =>
            new CalibrationPoint { FalseAcceptRate = point.FalseAcceptRate, Threshold = point.Threshold }));
        if (model.Head is { } head)
        {
            proto.Head = new VerifierHead
            {
                Kind = (VerifierHeadKind)head.Kind,
                Weights = { head.Weights },
                Bias = head.Bias,
                Prior = head.Prior,
                EmbeddingContract = head.EmbeddingContract,
                Source = head.Source,
            };
        }

        return proto;
    }
}
