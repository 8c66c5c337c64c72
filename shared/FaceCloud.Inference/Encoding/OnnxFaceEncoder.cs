using System.Diagnostics;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Inference.Encoding;

/// <summary>Encodes in this process with ONNX Runtime: crops to batches, batches to sessions.</summary>
public sealed class OnnxFaceEncoder : IFaceEncoder, IDisposable
{
    private const int MaxBatchOnCpu = 4;
    private const int MaxBatchOnGpu = 64;
    private static readonly TimeSpan MaxWaitOnGpu = TimeSpan.FromMilliseconds(2);

    private readonly SessionPool _pool;
    private readonly EncoderLane[] _lanes;
    private readonly DynamicBatcher<EncoderCrop, EncodedCrop> _batcher;
    private readonly EncoderModel _model;

    /// <summary>Loads the model and tries it.</summary>
    /// <exception cref="ModelException">The provider cannot be loaded, or the model's inputs and outputs are not what the manifest says.</exception>
    public OnnxFaceEncoder(ModelDescription model, InferenceOptions inference, BatchingOptions batching, TimeProvider time, ILoggerFactory loggers)
    {
        _pool = new SessionPool(model, inference, loggers);
        var onCpu = _pool.Provider == ExecutionProvider.Cpu;
        var maxBatch = batching.MaxBatch ?? (onCpu ? MaxBatchOnCpu : MaxBatchOnGpu);
        var maxWait = batching.MaxWait ?? (onCpu ? TimeSpan.Zero : MaxWaitOnGpu);
        _lanes = new EncoderLane[_pool.Size];
        try
        {
            for (var lane = 0; lane < _lanes.Length; lane++)
            {
                _lanes[lane] = new EncoderLane(model, _pool.Rent(), maxBatch);
                Try(_lanes[lane], model, maxBatch);
            }
        }
        catch
        {
            Release();
            throw;
        }

        _model = new EncoderModel
        {
            Name = model.Name,
            EmbeddingContract = model.EmbeddingContract,
            Dimension = model.Dimension,
            Sha256 = model.Sha256,
            ExecutionProvider = _pool.ProviderName,
            Licence = model.Licence,
            Calibration = model.Calibration,
            Head = model.Head,
        };
        if (model.Entry.Head is { } fitted && model.Head is null)
        {
            Log.HeadOfAnotherModel(loggers.CreateLogger<OnnxFaceEncoder>(), model.Name, fitted.EmbeddingContract, model.EmbeddingContract);
        }

        _batcher = new DynamicBatcher<EncoderCrop, EncodedCrop>(
            _lanes.Length, maxBatch, maxWait, batching, RunBatch, time, loggers.CreateLogger<OnnxFaceEncoder>());
    }

    /// <summary>Number of sessions.</summary>
    public int Sessions => _lanes.Length;

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_model);

    public async Task<EncodedFaces> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, EncodePriority priority, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity(Telemetry.EncodeSpan);
        activity?.SetTag(Telemetry.CropsTag, crops.Count).SetTag(Telemetry.PriorityTag, priority.ToString());
        var origin = activity?.Context ?? Activity.Current?.Context ?? default;
        var items = new EncoderCrop[crops.Count];
        for (var i = 0; i < items.Length; i++)
        {
            if (crops[i].Length != AlignedCrop.Bytes)
            {
                throw new FailureException(
                    FailureReason.InvalidCrop, $"Crop {i} has {crops[i].Length} bytes; an aligned crop has {AlignedCrop.Bytes}: 112 x 112 pixels of RGB.");
            }

            items[i] = new EncoderCrop(crops[i], origin);
        }

        var encoded = await _batcher.SubmitAsync(items, priority, cancellationToken);

        var embeddings = new float[encoded.Length][];
        var (queued, encoding) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < encoded.Length; i++)
        {
            embeddings[i] = encoded[i].Result.Embedding ?? throw encoded[i].Result.Failure!;
            queued = encoded[i].Queued > queued ? encoded[i].Queued : queued;
            encoding = encoded[i].Running > encoding ? encoded[i].Running : encoding;
        }

        return new EncodedFaces(embeddings, _model.EmbeddingContract, queued, encoding);
    }

    /// <summary>Takes no more crops, finishes those it has, and closes the sessions.</summary>
    public void Dispose()
    {
        _batcher.Dispose();
        Release();
    }

    // The largest batch once, so that a wrong file stops the start and not the first face.
    private static void Try(EncoderLane lane, ModelDescription model, int maxBatch)
    {
        var crop = new EncoderCrop(new byte[AlignedCrop.Bytes], default);
        try
        {
            lane.Encode([.. Enumerable.Repeat(new BatchItem<EncoderCrop>(crop, TimeSpan.Zero), maxBatch)]);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelException(
                $"Model '{model.Name}' ('{model.Path}') does not run on '{model.InputName}' [{maxBatch},3,{model.InputHeight},{model.InputWidth}] to '{model.OutputName}': {exception.Message}", exception);
        }
    }

    private EncodedCrop[] RunBatch(int lane, IReadOnlyList<BatchItem<EncoderCrop>> crops)
    {
        using var activity = StartBatch(crops);
        var start = Stopwatch.GetTimestamp();
        try
        {
            return _lanes[lane].Encode(crops);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        finally
        {
            var provider = new KeyValuePair<string, object?>(Telemetry.ProviderTag, _pool.ProviderName);
            Telemetry.BatchSize.Record(crops.Count, provider);
            Telemetry.InferenceTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, provider);
            foreach (var crop in crops)
            {
                Telemetry.QueueWait.Record(crop.Queued.TotalSeconds, provider);
            }
        }
    }

    // A batch serves many traces: it belongs to the first and is linked to the others.
    private Activity? StartBatch(IReadOnlyList<BatchItem<EncoderCrop>> crops)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return null;
        }

        var origins = crops.Select(crop => crop.Value.Origin).Where(origin => origin != default).Distinct().ToList();
        return Telemetry.Source
            .StartActivity(Telemetry.BatchSpan, ActivityKind.Internal, origins.FirstOrDefault(), links: origins.Skip(1).Select(origin => new ActivityLink(origin)))?
            .SetTag(Telemetry.BatchSizeTag, crops.Count)
            .SetTag(Telemetry.ProviderTag, _pool.ProviderName);
    }

    private void Release()
    {
        foreach (var lane in _lanes)
        {
            lane?.Dispose();
        }

        _pool.Dispose();
    }
}
