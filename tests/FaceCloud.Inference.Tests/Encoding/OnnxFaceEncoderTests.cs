using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Onnx;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Encoding;

public sealed class OnnxFaceEncoderTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 5, false)]
    [InlineData(3, 16, true)]
    public async Task EncodeAsync_AnyPositionAndBatch_SameEmbedding(int sessions, int maxBatch, bool mirror)
    {
        _folder.ChangeEncoder(model => model with { Mirror = mirror });
        using var encoder = ModelFolder.Open(_folder.Catalog().Encoder, sessions, new BatchingOptions { MaxBatch = maxBatch, MaxWait = TimeSpan.FromMilliseconds(1) });

        await BatchInvariance.AssertAsync(encoder);
    }

    [Fact]
    public async Task EncodeAsync_SeveralCrops_UnitLengthAndContract()
    {
        using var encoder = ModelFolder.Open(_folder.Catalog().Encoder);

        var encoded = await encoder.EncodeAsync([Crops.Random(1), Crops.Random(2)], EncodePriority.Interactive, Cancellation);

        Assert.Equal(_folder.Catalog().Encoder.EmbeddingContract, encoded.EmbeddingContract);
        Assert.All(encoded.Embeddings, embedding => Assert.Equal(1, embedding.Sum(value => value * value), 1e-5f));
        Assert.All(encoded.Embeddings, embedding => Assert.Equal(TestModels.Dimension, embedding.Length));
        Assert.NotEqual(encoded.Embeddings[0], encoded.Embeddings[1]);
        Assert.InRange(encoded.Encoding, TimeSpan.FromTicks(1), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task EncodeAsync_ModelWithMirror_SumOfBothImages()
    {
        var crop = Crops.Random(3);
        using var plain = ModelFolder.Open(_folder.Catalog().Encoder);
        _folder.ChangeEncoder(model => model with { Mirror = true });
        using var both = ModelFolder.Open(_folder.Catalog().Encoder);

        var one = (await both.EncodeAsync([crop], EncodePriority.Bulk, Cancellation)).Embeddings[0];
        var other = (await both.EncodeAsync([Crops.Mirrored(crop)], EncodePriority.Bulk, Cancellation)).Embeddings[0];
        var alone = (await plain.EncodeAsync([crop], EncodePriority.Bulk, Cancellation)).Embeddings[0];

        Assert.InRange(BatchInvariance.Largest(one, other), 0, 1e-5f);
        Assert.InRange(BatchInvariance.Largest(one, alone), 1e-2f, 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(37_631)]
    [InlineData(37_633)]
    public async Task EncodeAsync_CropOfAnotherSize_InvalidCropNamesIt(int length)
    {
        using var encoder = ModelFolder.Open(_folder.Catalog().Encoder);

        var failure = await Assert.ThrowsAsync<FailureException>(
            () => encoder.EncodeAsync([Crops.Random(1), new byte[length]], EncodePriority.Interactive, Cancellation));

        Assert.Equal(FailureReason.InvalidCrop, failure.Reason);
        Assert.Contains($"Crop 1 has {length} bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EncodeAsync_NoCrops_NoEmbeddings()
    {
        using var encoder = ModelFolder.Open(_folder.Catalog().Encoder);

        var encoded = await encoder.EncodeAsync([], EncodePriority.Interactive, Cancellation);

        Assert.Empty(encoded.Embeddings);
    }

    [Fact]
    public async Task EncodeAsync_ModelGivesNaNForOneCrop_OnlyItsCallFails()
    {
        _folder.UseSquareRootEncoder();
        using var encoder = ModelFolder.Open(_folder.Catalog().Encoder, 1, new BatchingOptions { MaxBatch = 2, MaxWait = TimeSpan.FromSeconds(10) });

        var dark = encoder.EncodeAsync([Crops.Filled(10)], EncodePriority.Bulk, Cancellation);
        var bright = encoder.EncodeAsync([Crops.Filled(200)], EncodePriority.Bulk, Cancellation);

        var failure = await Assert.ThrowsAsync<FailureException>(() => dark);
        Assert.Equal(FailureReason.Internal, failure.Reason);
        Assert.Contains("NaN", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await bright).Embeddings[0].Sum(value => value * value), 1e-5f);
    }

    [Fact]
    public void Constructor_OutputOfAnotherShape_SaysBoth()
    {
        _folder.ChangeEncoder(model => model with { Dimension = 32 });

        var failure = Assert.Throws<ModelException>(() => ModelFolder.Open(_folder.Catalog().Encoder, 1, new BatchingOptions { MaxBatch = 4 }));

        Assert.Contains("[4,64]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[4,32]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoSuchOutput_SaysName()
    {
        _folder.ChangeEncoder(model => model with { OutputName = "features" });

        var failure = Assert.Throws<ModelException>(() => ModelFolder.Open(_folder.Catalog().Encoder));

        Assert.Contains("'features'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_ModelTakesOneCropOnly_SaysBatch()
    {
        var graph = new GraphBuilder("single");
        var input = graph.Input("input", 1, 3, 112, 112);
        graph.Output("embedding", graph.Flatten(graph.GlobalAveragePool(input)), 1, 3);
        _folder.ReplaceEncoder(graph.ToBytes(), model => model with { Dimension = 3 });

        var failure = Assert.Throws<ModelException>(() => ModelFolder.Open(_folder.Catalog().Encoder, 1, new BatchingOptions { MaxBatch = 2 }));

        Assert.Contains("[2,3,112,112]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetModelAsync_Loaded_SaysWhatTheManifestSays()
    {
        using var encoder = ModelFolder.Open(_folder.Catalog().Encoder);

        var model = await encoder.GetModelAsync(Cancellation);

        Assert.Equal(TestModels.EncoderName, model.Name);
        Assert.Equal(TestModels.Dimension, model.Dimension);
        Assert.Equal(_folder.Encoder.Sha256, model.Sha256);
        Assert.Equal(_folder.Encoder.Calibration!.Points, model.Calibration);
        Assert.Equal("cpu", model.ExecutionProvider);
    }

    [Fact]
    public async Task EncodeAsync_Observed_BatchesAreMeasuredAndTraced()
    {
        var spans = new List<Activity>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(activities);
        var names = new HashSet<string>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<int>((instrument, _, _, _) => Keep(instrument));
        meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => Keep(instrument));
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => Keep(instrument));
        meters.Start();
        using var encoder = ModelFolder.Open(_folder.Catalog().Encoder);
        using var caller = new Activity("caller").Start();

        await encoder.EncodeAsync([Crops.Random(1)], EncodePriority.Interactive, Cancellation);

        // Other tests encode at the same time; only this one's trace counts.
        List<Activity> mine = [.. spans.ToArray().Where(span => span.TraceId == caller.TraceId)];
        var call = Assert.Single(mine, span => span.OperationName == Telemetry.EncodeSpan);
        var wait = Assert.Single(mine, span => span.OperationName == Telemetry.BatchWaitSpan);
        var inference = Assert.Single(mine, span => span.OperationName == Telemetry.InferenceSpan);
        Assert.All([wait, inference], span => Assert.Equal(call.SpanId, span.ParentSpanId));
        Assert.Equal(1, inference.GetTagItem(Telemetry.BatchSizeTag));
        Assert.Equal("cpu", inference.GetTagItem(Telemetry.ProviderTag));
        Assert.Equal(wait.StartTimeUtc + wait.Duration, inference.StartTimeUtc);
        var batch = Assert.Single(spans.ToArray(), span => span.SpanId == Assert.Single(inference.Links).Context.SpanId);
        Assert.Equal((Telemetry.BatchSpan, default), (batch.OperationName, batch.ParentSpanId));
        Assert.Equal(call.Context, Assert.Single(batch.Links).Context);
        Assert.Superset(
            new HashSet<string>
            {
                Telemetry.BatchSizeMetric, Telemetry.BatchWaitMetric, Telemetry.InferenceTimeMetric, Telemetry.FacesMetric, Telemetry.ActiveFacesMetric, Telemetry.SessionsMetric,
            },
            names);

        void Keep(Instrument instrument)
        {
            lock (names)
            {
                names.Add(instrument.Name);
            }
        }
    }

    public void Dispose() => _folder.Dispose();
}
