using System.Collections.Frozen;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Encoder.V1;
using FaceCloud.ServiceDefaults.Grpc;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Encoding;

/// <summary>The Encoder service as an <see cref="IFaceEncoder"/>. The channel retries what is unavailable, within the deadline.</summary>
public sealed class RemoteFaceEncoder(EncoderService.EncoderServiceClient client, IOptions<EncoderClientOptions> options, TimeProvider time) : IFaceEncoder
{
    // EmbedRequest takes 256 crops.
    private const int MaxCrops = 256;

    private static readonly FrozenDictionary<string, FailureReason> Reasons =
        Enum.GetValues<FailureReason>().ToFrozenDictionary(reason => reason.ToWire(), StringComparer.Ordinal);

    private KnownModel? _known;

    public async ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref _known);
        if (known is not null && time.GetElapsedTime(known.Asked) < options.Value.ModelAge)
        {
            return known.Model;
        }

        try
        {
            var model = ToModel(await CallAsync(call => client.GetModelAsync(new GetModelRequest(), call), cancellationToken));
            Volatile.Write(ref _known, new KnownModel(model, time.GetTimestamp()));
            return model;
        }
        catch (FailureException exception) when (known is not null && exception.Reason == FailureReason.EncoderUnavailable)
        {
            // What was learnt still answers probes that need no encoding; a photo finds out by itself.
            return known.Model;
        }
    }

    public async Task<EncodedFaces> EncodeAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> crops, EncodePriority priority, CancellationToken cancellationToken)
    {
        var embeddings = new List<float[]>(crops.Count);
        var contract = "";
        var (queued, encoding) = (0d, 0d);
        foreach (var part in crops.Chunk(MaxCrops))
        {
            var request = new EmbedRequest();
            request.Crops.AddRange(part.Select(crop => UnsafeByteOperations.UnsafeWrap(crop)));
            var reply = await CallAsync(call => client.EmbedAsync(request, call), cancellationToken);
            if (reply.Embeddings.Count != part.Length || (contract.Length > 0 && contract != reply.EmbeddingContract))
            {
                throw new FailureException(FailureReason.EncoderUnavailable, "The encoder changed its model during the call; try again.");
            }

            contract = reply.EmbeddingContract;
            queued = Math.Max(queued, reply.QueueMs);
            encoding = Math.Max(encoding, reply.EncodeMs);
            embeddings.AddRange(reply.Embeddings.Select(embedding => embedding.Values.ToArray()));
        }

        if (Volatile.Read(ref _known) is { } known && contract.Length > 0 && known.Model.EmbeddingContract != contract)
        {
            // The encoder was started anew with another model: ask again at the next occasion.
            Volatile.Write(ref _known, null);
        }

        return new EncodedFaces(embeddings, contract, TimeSpan.FromMilliseconds(queued), TimeSpan.FromMilliseconds(encoding));
    }

    private async Task<TReply> CallAsync<TReply>(Func<CallOptions, AsyncUnaryCall<TReply>> start, CancellationToken cancellationToken)
    {
        try
        {
            var deadline = time.GetUtcNow().UtcDateTime + options.Value.CallTimeout;
            using var call = start(new CallOptions(deadline: deadline, cancellationToken: cancellationToken));
            return await call;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call was cancelled while the encoder worked.", exception, cancellationToken);
        }
        catch (RpcException exception)
        {
            throw Failure(exception);
        }
    }

    private static FailureException Failure(RpcException exception)
    {
        if (exception.GetRpcStatus()?.GetDetail<ErrorInfo>() is { Domain: FailureStatus.Domain } info && Reasons.TryGetValue(info.Reason, out var reason))
        {
            return new FailureException(reason, exception.Status.Detail, exception);
        }

        return exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded
            ? new FailureException(FailureReason.EncoderUnavailable, "The encoder does not answer; try again in a few seconds.", exception)
            : new FailureException(FailureReason.Internal, "The encoder failed; its log has the details.", exception);
    }

    private static EncoderModel ToModel(Model model) => new()
    {
        Name = model.Name,
        EmbeddingContract = model.EmbeddingContract,
        Dimension = model.Dimension,
        Sha256 = model.Sha256,
        ExecutionProvider = model.ExecutionProvider,
        Licence = model.Licence,
        Calibration = [.. model.Calibration.Select(point => new Inference.Models.CalibrationPoint(point.FalseAcceptRate, point.Threshold))],
        Head = ToHead(model),
    };

    // A kind that this service does not know yet is no head: a wrong probability would be worse than none.
    private static Inference.Models.VerifierHead? ToHead(Model model)
    {
        if (model.Head is not { } head || !Enum.IsDefined((Inference.Models.VerifierHeadKind)head.Kind))
        {
            return null;
        }

        return new Inference.Models.VerifierHead
        {
            Kind = (Inference.Models.VerifierHeadKind)head.Kind,
            Weights = [.. head.Weights],
            Bias = head.Bias,
            Prior = head.Prior,
            EmbeddingContract = head.EmbeddingContract,
            Source = head.Source,
        };
    }

    private sealed record KnownModel(EncoderModel Model, long Asked);
}
