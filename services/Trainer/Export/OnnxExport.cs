using FaceCloud.Onnx;
using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Export;

/// <summary>
/// Writes an <see cref="EncoderNetwork"/> as ONNX: input <c>input</c> float32[N,3,side,side], RGB, (x − 127.5) / 127.5;
/// output <c>embedding</c> float32[N,dimension], not of unit length. N is open. Batch normalisation is folded into the convolution before it.
/// </summary>
public static class OnnxExport
{
    public const string InputName = "input";
    public const string OutputName = "embedding";

    /// <summary>The model in float32 arithmetic.</summary>
    public static byte[] ToBytes(EncoderNetwork network, IReadOnlyDictionary<string, string>? metadata = null, WeightStorage storage = WeightStorage.Full) =>
        ToBytes(network, new FloatForm(), metadata, storage);

    /// <summary>The model with its convolutions in a form.</summary>
    public static byte[] ToBytes(
        EncoderNetwork network,
        ConvolutionForm form,
        IReadOnlyDictionary<string, string>? metadata = null,
        WeightStorage storage = WeightStorage.Full)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var architecture = network.Architecture;
        var graph = new GraphBuilder(architecture.Name, storage);
        var value = graph.Input(InputName, Dimension.FromName("N"), 3, architecture.Side, architecture.Side);
        var place = 0;
        foreach (var part in network.Body)
        {
            value = part switch
            {
                ConvolutionUnit unit => Unit(unit, value),
                ResidualBlock block => Block(block, value),
                _ => throw new NotSupportedException($"No ONNX form is known for {part.GetType().Name}."),
            };
        }

        var embedding = graph.Gemm(graph.Flatten(Windowed(graph, network, value)), Projection(graph, network), graph.Constant(Values(network.Offset), network.Offset.shape));
        graph.Output(OutputName, embedding, Dimension.FromName("N"), architecture.Dimension);
        form.Complete(graph);
        return graph.ToBytes(metadata);

        Value Unit(ConvolutionUnit unit, Value input)
        {
            var convolution = FoldedConvolution.Of(unit);
            var output = form.Convolve(graph, place++, input, convolution);
            return convolution.Slopes is { } slopes ? graph.PRelu(output, graph.Constant(slopes, slopes.Length, 1, 1)) : output;
        }

        Value Block(ResidualBlock block, Value input)
        {
            var change = Unit(block.Second, Unit(block.First, input));
            return form.Add(graph, place - 1, input, change);
        }
    }

    /// <summary>The weighting of the last map is a depthwise convolution over the whole map.</summary>
    private static Value Windowed(GraphBuilder graph, EncoderNetwork network, Value map)
    {
        if (network.Window is not { } window)
        {
            return map;
        }

        var (channels, height, width) = (window.shape[0], window.shape[1], window.shape[2]);
        return graph.Conv(map, graph.Constant(Values(window), channels, 1, height, width), null, (1, 1), (0, 0, 0, 0), (int)channels);
    }

    private static Value Projection(GraphBuilder graph, EncoderNetwork network)
    {
        var projection = network.Projection;
        return network.Window is null
            ? graph.Constant(Values(projection / Number.Of(projection.shape[2] * projection.shape[3])), projection.shape[0], projection.shape[1..].Aggregate(1L, (a, b) => a * b))
            : graph.Constant(Values(projection), projection.shape);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray();
}
