using System.Numerics.Tensors;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceCloud.Inference.Encoding;

/// <summary>One session with the buffer that its batches are written into; used by one thread at a time.</summary>
internal sealed class EncoderLane(ModelDescription model, SessionLease lease, int maxBatch) : IDisposable
{
    private readonly CropTensor _tensor = new(model);
    private readonly RunOptions _run = new();

    // Pinned once for good, since the runtime reads it at every batch.
    private readonly float[] _input = GC.AllocateUninitializedArray<float>(maxBatch * new CropTensor(model).Length, pinned: true);

    /// <summary>Unit embeddings in the order of the crops, or the failure of a single one.</summary>
    /// <exception cref="ModelException">The output has another shape or type than the manifest says.</exception>
    public EncodedCrop[] Encode(IReadOnlyList<BatchItem<EncoderCrop>> crops)
    {
        for (var i = 0; i < crops.Count; i++)
        {
            _tensor.Write(crops[i].Value.Pixels.Span, _input.AsSpan(i * _tensor.Length, _tensor.Length));
        }

        var rows = crops.Count * _tensor.RowsPerCrop;
        if (!model.OneAtATime)
        {
            return Read(Run(0, rows), rows);
        }

        var values = new float[rows * model.Dimension];
        for (var row = 0; row < rows; row++)
        {
            Run(row, 1).CopyTo(values, row * model.Dimension);
        }

        return Read(values, rows);
    }

    public void Dispose()
    {
        _run.Dispose();
        lease.Dispose();
    }

    private float[] Run(int first, int rows)
    {
        var length = _tensor.Length / _tensor.RowsPerCrop;
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _input.AsMemory(first * length, rows * length), [rows, 3, model.InputHeight, model.InputWidth]);
        using var outputs = lease.Session.Run(_run, [model.InputName], [input], [model.OutputName]);
        var info = outputs[0].GetTensorTypeAndShape();
        return info.ElementDataType == TensorElementType.Float && info.Shape.AsSpan().SequenceEqual([rows, model.Dimension])
            ? outputs[0].GetTensorDataAsSpan<float>().ToArray()
            : throw new ModelException(
                $"Model '{model.Name}' ('{model.Path}') gave {info.ElementDataType} [{string.Join(',', info.Shape)}] as '{model.OutputName}', " +
                $"where Float [{rows},{model.Dimension}] is right by its manifest entry (dimension).");
    }

    private EncodedCrop[] Read(ReadOnlySpan<float> values, int rows)
    {
        var encoded = new EncodedCrop[rows / _tensor.RowsPerCrop];
        for (var i = 0; i < encoded.Length; i++)
        {
            var embedding = values.Slice(i * _tensor.RowsPerCrop * model.Dimension, model.Dimension).ToArray();
            if (_tensor.RowsPerCrop == 2)
            {
                TensorPrimitives.Add(embedding, values.Slice(((2 * i) + 1) * model.Dimension, model.Dimension), embedding);
            }

            encoded[i] = Vectors.Normalize(embedding)
                ? new EncodedCrop(embedding, null)
                : new EncodedCrop(null, new FailureException(
                    FailureReason.Internal, $"The encoder '{model.Name}' gave an embedding that is zero, or has NaN or infinity in it; its model file is not fit for this face."));
        }

        return encoded;
    }
}
