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
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?>[] _sessionTags;
    private int _disposed;

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

        _time = time;
        _sessionTags = [new(Telemetry.ProviderTag, _pool.ProviderName), new(Telemetry.ModelTag, model.EmbeddingContract)];
        Telemetry.Sessions.Add(_lanes.Length, _sessionTags);
        _batcher = new DynamicBatcher<EncoderCrop, EncodedCrop>(
            _lanes.Length, maxBatch, maxWait, batching, RunBatch, time, loggers.CreateLogger<OnnxFaceEncoder>());
    }

    /// <summary>Number of sessions.</summary>
    public int Sessions => _lanes.Length;

    private KeyValuePair<string, object?> ProviderTag => new(Telemetry.ProviderTag, _pool.ProviderName);

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

        Telemetry.ActiveFaces.Add(items.Length);
        Batched<EncodedCrop>[] encoded;
        try
        {
            encoded = await _batcher.SubmitAsync(items, priority, cancellationToken);
        }
        finally
        {
            Telemetry.ActiveFaces.Add(-items.Length);
        }

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
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Telemetry.Sessions.Add(-_lanes.Length, _sessionTags);
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
        var began = _time.GetUtcNow().UtcDateTime;
        var start = _time.GetTimestamp();
        try
        {
            var encoded = _lanes[lane].Encode(crops);
            Telemetry.Faces.Add(encoded.Count(crop => crop.Embedding is not null), ProviderTag);
            return encoded;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", exception.GetType().Name);
            throw;
        }
        finally
        {
            var duration = _time.GetElapsedTime(start);
            Telemetry.BatchSize.Record(crops.Count, ProviderTag);
            Telemetry.InferenceTime.Record(duration.TotalSeconds, ProviderTag);
            foreach (var crop in crops)
            {
                Telemetry.BatchWait.Record(crop.Queued.TotalSeconds, ProviderTag);
                if (crop.Value.Origin != default)
                {
                    TraceCrop(crop, activity, began, duration, crops.Count);
                }
            }
        }
    }

    // A batch serves many traces, so it is one of its own that is linked with each of them.
    private Activity? StartBatch(IReadOnlyList<BatchItem<EncoderCrop>> crops)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return null;
        }

        var origins = crops.Select(crop => crop.Value.Origin).Where(origin => origin != default).Distinct();
        return Telemetry.Source
            .StartActivity(Telemetry.BatchSpan, ActivityKind.Internal, default(ActivityContext), links: origins.Select(origin => new ActivityLink(origin)))?
            .SetTag(Telemetry.BatchSizeTag, crops.Count)
            .SetTag(Telemetry.ProviderTag, _pool.ProviderName);
    }

    // What a crop went through stands in its own trace, with the link to the batch that it shared with others.
    private void TraceCrop(BatchItem<EncoderCrop> crop, Activity? batch, DateTime began, TimeSpan duration, int count)
    {
        using (var wait = Telemetry.Source.StartActivity(Telemetry.BatchWaitSpan, ActivityKind.Internal, crop.Value.Origin, startTime: began - crop.Queued))
        {
            wait?.SetEndTime(began);
        }

        ActivityLink[] links = batch is null ? [] : [new ActivityLink(batch.Context)];
        using var inference = Telemetry.Source.StartActivity(Telemetry.InferenceSpan, ActivityKind.Internal, crop.Value.Origin, tags: null, links, began);
        inference?
            .SetTag(Telemetry.BatchSizeTag, count)
            .SetTag(Telemetry.ProviderTag, _pool.ProviderName)
            .SetEndTime(began + duration);
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
