using FaceCloud.Onnx;
using FaceCloud.Trainer.Export;
using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// Writes a <see cref="DetectorNetwork"/> as ONNX with YuNet's inputs and outputs: <c>input</c> float32[N,3,height,width] (blue, green,
/// red, 0…255; sides multiples of 32), and for each stride s <c>cls_s</c> [N,cells,1], <c>obj_s</c> [N,cells,1] (both after the sigmoid),
/// <c>bbox_s</c> [N,cells,4], <c>kps_s</c> [N,cells,10], cells row by row. Batch normalisation is folded.
/// </summary>
public static class DetectorExport
{
    public const string InputName = "input";

    /// <summary>The outputs of a stride, in the order of the network's numbers: name, first number, end.</summary>
    public static IReadOnlyList<(string Name, int Start, int End)> Parts { get; } = [("cls", 0, 1), ("obj", 1, 2), ("bbox", 2, 6), ("kps", 6, 16)];

    public static byte[] ToBytes(DetectorNetwork network, IReadOnlyDictionary<string, string>? metadata = null, WeightStorage storage = WeightStorage.Full)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var graph = new GraphBuilder(network.Architecture.Name, storage);
        var x = graph.Input(InputName, Dimension.FromName("N"), 3, Dimension.FromName("height"), Dimension.FromName("width"));
        var inputScale = DetectorNetwork.InputScale;
        var maps = new List<Value>();
        foreach (var (level, lateral) in network.Levels.Zip(network.Laterals))
        {
            foreach (var part in level)
            {
                x = part switch
                {
                    RectifiedUnit unit => graph.Relu(Unit(graph, unit.Unit, x, inputScale)),
                    RectifiedBlock block => Block(graph, block, x),
                    _ => throw new NotSupportedException($"No ONNX form is known for {part.GetType().Name}."),
                };
                inputScale = 1;
            }

            maps.Add(Pointwise(graph, lateral, x));
        }

        for (var level = maps.Count - 2; level >= 0; level--)
        {
            maps[level] = graph.Add(maps[level], graph.UpsampleNearest(maps[level + 1], 2));
        }

        for (var level = 0; level < maps.Count; level++)
        {
            var (first, blocks) = network.Towers[level];
            var tower = blocks.Aggregate(graph.Relu(Unit(graph, first.Unit, maps[level])), (map, block) => Block(graph, block, map));
            var head = Pointwise(graph, network.Heads[level], tower);
            var cells = graph.Reshape(graph.Transpose(head, 0, 2, 3, 1), 0, -1, DetectorArchitecture.Outputs);
            foreach (var (name, start, end) in Parts)
            {
                var stride = DetectorArchitecture.Strides[level];
                var part = graph.Slice(cells, 2, start, end);
                graph.Output($"{name}_{stride}", end - start == 1 ? graph.Sigmoid(part) : part, Dimension.FromName("N"), Dimension.FromName($"cells_{stride}"), end - start);
            }
        }

        return graph.ToBytes(metadata);
    }

    private static Value Unit(GraphBuilder graph, ConvolutionUnit unit, Value input, float inputScale = 1)
    {
        var folded = FoldedConvolution.Of(unit);
        var weights = Array.ConvertAll(folded.Weights, weight => weight * inputScale);
        return graph.Conv(
            input,
            graph.Constant(weights, folded.Outputs, folded.Inputs, 3, 3),
            graph.Constant(folded.Bias, folded.Outputs),
            (folded.Stride, folded.Stride),
            (1, 1, 1, 1));
    }

    private static Value Block(GraphBuilder graph, RectifiedBlock block, Value input) =>
        graph.Relu(graph.Add(input, Unit(graph, block.Second, graph.Relu(Unit(graph, block.First.Unit, input)))));

    private static Value Pointwise(GraphBuilder graph, PointwiseConvolution convolution, Value input) =>
        graph.Conv(input, Constant(graph, convolution.Weight), Constant(graph, convolution.Offset), (1, 1), (0, 0, 0, 0));

    private static Value Constant(GraphBuilder graph, Tensor values) =>
        graph.Constant(values.contiguous().data<float>().ToArray(), values.shape);
}
