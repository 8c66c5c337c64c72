using System.Numerics.Tensors;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Numerics;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Networks;

namespace FaceCloud.Trainer.Calibration;

/// <summary>The network of a checkpoint, before it is exported.</summary>
public sealed class CheckpointEncoder : IPhotoEncoder
{
    private readonly EncoderNetwork _network;
    private readonly TorchEncoder _encoder;
    private readonly bool _mirror;

    public CheckpointEncoder(string path, bool mirror)
    {
        (var header, _network) = Checkpoint.LoadNetwork(path);
        _encoder = new TorchEncoder(_network);
        _mirror = mirror;
        Name = $"{header.Architecture.Name} at step {header.Step}{(mirror ? ", with the mirror image" : "")}";
    }

    public string Name { get; }

    public string? EmbeddingContract => null;

    public Task<IReadOnlyList<float[]>> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, CancellationToken cancellationToken)
    {
        var photos = new float[crops.Count * AlignedCrop.Bytes];
        for (var i = 0; i < photos.Length; i++)
        {
            photos[i] = (crops[i / AlignedCrop.Bytes].Span[i % AlignedCrop.Bytes] - 127.5f) / 127.5f;
        }

        var sums = _encoder.Encode(photos, crops.Count);
        if (_mirror)
        {
            TensorPrimitives.Add(sums, _encoder.Encode(Mirrored(photos), crops.Count), sums);
        }

        var dimension = sums.Length / crops.Count;
        return Task.FromResult<IReadOnlyList<float[]>>([.. sums.Chunk(dimension).Select(embedding => Vectors.Normalize(embedding)
            ? embedding
            : throw new FailureException(FailureReason.Internal, "The checkpoint gave an embedding that is zero, or has NaN or infinity in it."))]);
    }

    public void Dispose() => _network.Dispose();

    private static float[] Mirrored(float[] photos)
    {
        const int row = AlignedCrop.Size * AlignedCrop.Channels;
        var mirrored = new float[photos.Length];
        for (var i = 0; i < photos.Length; i += AlignedCrop.Channels)
        {
            var start = i / row * row;
            photos.AsSpan(i, AlignedCrop.Channels).CopyTo(mirrored.AsSpan(start + row - AlignedCrop.Channels - (i - start)));
        }

        return mirrored;
    }
}
