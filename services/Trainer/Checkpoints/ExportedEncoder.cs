using System.Buffers.Binary;
using FaceCloud.Onnx.Format;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using Google.Protobuf;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Checkpoints;

/// <summary>
/// Reads back what <see cref="Export.OnnxExport"/> wrote in float32 or float16, so that a shipped encoder can be trained further
/// where its checkpoint is gone. Mean and variance of the normalisations are not in the file: <see cref="EncoderNetwork.Settle"/> finds them anew.
/// </summary>
public static class ExportedEncoder
{
    /// <summary>The network in evaluation mode; computes what the file does, to its rounding.</summary>
    /// <exception cref="TrainerException">The file is no encoder of this trainer, or one in 8 bits.</exception>
    public static EncoderNetwork Load(string path)
    {
        var model = Parse(path);
        var architecture = EncoderArchitecture.Known.FirstOrDefault(known => known.Name == model.Graph?.Name)
            ?? throw new TrainerException($"{path} is no encoder of this trainer: it calls itself '{model.Graph?.Name}'; known are {string.Join(", ", EncoderArchitecture.Known.Select(a => a.Name))}.");
        var constants = new Constants(path, model.Graph!);
        var convolutions = new Queue<NodeProto>(model.Graph!.Node.Where(node => node.OpType == "Conv"));
        var slopes = model.Graph.Node.Where(node => node.OpType == "PRelu").ToDictionary(node => node.Input[0], node => node.Input[1], StringComparer.Ordinal);
        var network = new EncoderNetwork(architecture);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        try
        {
            foreach (var unit in network.Body.SelectMany(Units))
            {
                var node = convolutions.Dequeue();
                unit.Unfold(
                    constants.Read(node.Input[1], unit.Weight.shape),
                    constants.Read(node.Input[2], unit.Scale.shape),
                    unit.Slope is { } slope ? constants.Read(slopes[node.Output[0]], slope.shape) : null);
            }

            var projection = model.Graph.Node.Single(node => node.OpType == "Gemm");
            var places = network.Window is null ? network.Projection.shape[2] * network.Projection.shape[3] : 1;
            network.Projection.copy_(constants.Read(projection.Input[1], network.Projection.shape) * Number.Of(places));
            network.Offset.copy_(constants.Read(projection.Input[2], network.Offset.shape));
            if (network.Window is { } window)
            {
                window.copy_(constants.Read(convolutions.Dequeue().Input[1], window.shape));
            }
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or ArgumentOutOfRangeException)
        {
            network.Dispose();
            throw new TrainerException($"{path} calls itself {architecture.Name} but is built otherwise.", e);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        network.eval();
        return network;
    }

    private static IEnumerable<ConvolutionUnit> Units(nn.Module<Tensor, Tensor> part) => part switch
    {
        ConvolutionUnit unit => [unit],
        ResidualBlock block => [block.First, block.Second],
        _ => throw new NotSupportedException($"No ONNX form is known for {part.GetType().Name}."),
    };

    private static ModelProto Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return ModelProto.Parser.ParseFrom(file);
        }
        catch (FileNotFoundException)
        {
            throw new TrainerException($"There is no model {path}.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TrainerException($"{path} is no ONNX file, or damaged: {e.Message}", e);
        }
    }

    private sealed class Constants(string path, GraphProto graph)
    {
        private readonly Dictionary<string, TensorProto> _constants = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

        private readonly Dictionary<string, string> _casts =
            graph.Node.Where(node => node.OpType == "Cast").ToDictionary(node => node.Output[0], node => node.Input[0], StringComparer.Ordinal);

        public Tensor Read(string name, long[] shape)
        {
            if (!_constants.TryGetValue(_casts.GetValueOrDefault(name, name), out var constant))
            {
                throw new TrainerException($"{path} holds weights in 8 bits; start from the float file of the same encoder.");
            }

            var bytes = constant.RawData.Span;
            var count = (int)shape.Aggregate(1L, (a, b) => a * b);
            var size = (TensorProto.Types.DataType)constant.DataType switch
            {
                TensorProto.Types.DataType.Float => sizeof(float),
                TensorProto.Types.DataType.Float16 => sizeof(ushort),
                var type => throw new TrainerException($"{path} holds weights of type {type}; start from the float file of the same encoder."),
            };
            if (bytes.Length != count * size)
            {
                throw new TrainerException($"{path} holds {bytes.Length / size} numbers where {count} belong; it was written by another version.");
            }

            var values = new float[count];
            for (var i = 0; i < count; i++)
            {
                values[i] = size == sizeof(float)
                    ? BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * size)..])
                    : (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * size)..]);
            }

            return PhotoTensor.Copy(values, shape);
        }
    }
}
