using FaceCloud.Contracts.Failures;
using FaceCloud.Onnx;
using FaceCloud.Testing;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Export;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Tests.Support;
using FaceCloud.Trainer.Training;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Calibration;

public sealed class PhotoEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EncodeAsync_CheckpointAndItsExport_AreOne(bool mirror)
    {
        manual_seed(1);
        using var network = new EncoderNetwork(EncoderArchitecture.Named("resnet-xs"));
        using var optimiser = new EncoderOptimiser(network, null, new EncoderTrainingOptions());
        Checkpoint.Save(_folder["last.checkpoint"], new CheckpointHeader(network.Architecture, 3, new EncoderTrainingOptions(), "none", new MetricWindow()), network, null, optimiser);
        await File.WriteAllBytesAsync(_folder["model.onnx"], OnnxExport.ToBytes(network), CancellationToken.None);
        using var checkpoint = new CheckpointEncoder(_folder["last.checkpoint"], mirror);
        using var export = ProductEncoder.Open(_folder["model.onnx"], mirror, 127.5f, threads: 1);
        ReadOnlyMemory<byte>[] crops = [DrawnFaces.Pixels(1, 1, side: 112), DrawnFaces.Pixels(2, 1, side: 112)];

        var fromCheckpoint = await checkpoint.EncodeAsync(crops, CancellationToken.None);
        var fromExport = await export.EncodeAsync(crops, CancellationToken.None);

        foreach (var (one, other) in fromCheckpoint.Zip(fromExport))
        {
            Assert.Equal(1, one.Sum(v => v * v), 1e-5f);
            Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }

        Assert.Null(checkpoint.EmbeddingContract);
        Assert.StartsWith(mirror ? "model+mirror:" : "model:", export.EmbeddingContract, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotAModelOrNoFile_SaysSo()
    {
        File.WriteAllText(_folder["broken.onnx"], "not a model");

        Assert.Contains("no ONNX model", Assert.Throws<TrainerException>(() => ProductEncoder.Open(_folder["broken.onnx"], false, 127.5f, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<TrainerException>(() => ProductEncoder.Open(_folder["absent.onnx"], false, 127.5f, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnotherShape_NamesTheShapesItHas()
    {
        var graph = new GraphBuilder("small");
        graph.Output("embedding", graph.Flatten(graph.Input("input", "N", 3, 8, 8)), "N", 192);
        File.WriteAllBytes(_folder["small.onnx"], graph.ToBytes());

        var failure = Assert.Throws<TrainerException>(() => ProductEncoder.Open(_folder["small.onnx"], false, 127.5f, 1));

        Assert.Contains("N×3×112×W", failure.Message, StringComparison.Ordinal);
        Assert.Contains("3,8,8", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileOfAnotherChecksum_SaysBoth()
    {
        var entry = TestModels.Shared.Manifest.Models[1] with { Sha256 = new string('a', 64) };

        var failure = Assert.Throws<TrainerException>(() => ProductEncoder.Open(Path.Combine(TestModels.Shared.Directory, entry.File), entry, 1));

        Assert.Contains(new string('a', 64), failure.Message, StringComparison.Ordinal);
        Assert.Contains(TestModels.Shared.Manifest.Models[1].Sha256, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EntryOfAnotherDimension_SaysWhatTheModelGives()
    {
        var entry = TestModels.Shared.Manifest.Models[1] with { Dimension = 32 };

        var failure = Assert.Throws<TrainerException>(() => ProductEncoder.Open(Path.Combine(TestModels.Shared.Directory, entry.File), entry, 1));

        Assert.Contains("dimension", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ComputeAsync_PhotoWithoutEmbedding_IsNamed()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 3, photos: 2, validationPersons: 3);
        var source = new CropShards(_folder.Path);
        using var pixels = PixelCache.Open(source, _folder["cache"], null, CancellationToken.None);
        using var encoder = new FailingEncoder(at: 4);

        var failure = await Assert.ThrowsAsync<TrainerException>(() => LabelledEmbeddings.ComputeAsync(
            encoder, LabelledPhotos.HeldOut(source, pixels.Damaged, everyone: false), pixels, _ => { }, CancellationToken.None));

        Assert.Contains("000004.webp", failure.Message, StringComparison.Ordinal);
        Assert.Contains("NaN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HeldOut_MergedLabels_AreOnePerson()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 5, photos: 2, unlabelled: 3, validationPersons: 3);
        File.WriteAllText(_folder["suspects.csv"], "kind,a,b,cos\nsame person?,p2,p4,0.8\nsame person?,p3,p4,0.7\n");
        var source = new CropShards(_folder.Path);

        var heldOut = LabelledPhotos.HeldOut(source, new HashSet<int> { 5 }, everyone: false);
        var everyone = LabelledPhotos.HeldOut(source, new HashSet<int>(), everyone: true);
        var trained = LabelledPhotos.TrainedOn(source, new HashSet<int>(), most: 5, photosEach: 1, seed: 1);

        Assert.Equal(["p2", "p3"], heldOut.Persons);
        Assert.Equal([4, 6, 7, 8, 9], heldOut.Rows);
        Assert.Equal([0, 1, 1, 0, 0], heldOut.Person);
        Assert.Equal((4, 10), (everyone.Persons.Count, everyone.Rows.Count));
        Assert.Equal([0, 2], trained.Rows);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Fails as the product's encoder does where an embedding has no direction: for the whole batch.</summary>
    private sealed class FailingEncoder(int at) : IPhotoEncoder
    {
        private int _seen;

        public string Name => "failing";

        public string? EmbeddingContract => null;

        public Task<IReadOnlyList<float[]>> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, CancellationToken cancellationToken)
        {
            if (crops.Count > 1 || _seen++ == at)
            {
                throw new FailureException(FailureReason.Internal, "zero");
            }

            return Task.FromResult<IReadOnlyList<float[]>>([[1, 0]]);
        }

        public void Dispose()
        {
        }
    }
}
