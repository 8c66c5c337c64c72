using FaceCloud.Onnx;

namespace FaceCloud.Vision.Tests.Detection;

/// <summary>
/// A network with SCRFD's inputs and outputs that finds red: the first of a cell's two rows is sure where the cell is red in RGB
/// and (x - 127.5) / 128, and says a box and points known beforehand. The second row never is. Outputs have numbers for names.
/// </summary>
internal static class ScrfdNetwork
{
    /// <summary>Left, up, right, down, in strides.</summary>
    public static readonly float[] Box = [1, 2, 3, 4];

    /// <summary>x and y of the five points from the cell's corner, in strides.</summary>
    public static readonly float[] Points = [0.25f, -0.5f, 1.75f, -0.5f, 1, 0.5f, 0.5f, 1.5f, 1.5f, 1.5f];

    private const int Anchors = 2;

    public static byte[] ToBytes(int? side = null)
    {
        var graph = new GraphBuilder("scrfd");
        var input = side is { } length ? graph.Input("input.1", 1, 3, length, length) : graph.Input("input.1", 1, 3, "height", "width");
        var name = 443;

        // Points first and scores last: the order says nothing.
        foreach (var (values, constant) in new[] { (10, Points), (4, Box), (1, Array.Empty<float>()) })
        {
            foreach (var stride in new[] { 32, 8, 16 })
            {
                var cells = graph.AveragePool(input, (stride, stride), (stride, stride));
                var map = constant.Length == 0 ? Scores(graph, cells) : Constant(graph, cells, constant);
                graph.Output($"{name++}", graph.Reshape(graph.Transpose(map, 0, 2, 3, 1), -1, values), $"n{stride}", values);
            }
        }

        return graph.ToBytes();
    }

    // Red minus blue is about 2 in a red cell, 0 in a black one, and half at most where a quarter of it is red.
    private static Value Scores(GraphBuilder graph, Value cells) => graph.Sigmoid(graph.Conv(
        cells, graph.Constant([20, 0, -20, 0, 0, 0], Anchors, 3, 1, 1), graph.Constant([-30, -30], Anchors), (1, 1), (0, 0, 0, 0)));

    private static Value Constant(GraphBuilder graph, Value cells, float[] constant) => graph.Conv(
        cells,
        graph.Constant(new float[Anchors * constant.Length * 3], Anchors * constant.Length, 3, 1, 1),
        graph.Constant([.. constant, .. new float[constant.Length]], Anchors * constant.Length),
        (1, 1),
        (0, 0, 0, 0));
}
