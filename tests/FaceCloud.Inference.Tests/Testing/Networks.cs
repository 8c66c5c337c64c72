using FaceCloud.Onnx;

namespace FaceCloud.Inference.Tests.Testing;

/// <summary>Small networks of the shapes that public models have.</summary>
public static class Networks
{
    /// <summary>Mean colours of quarters, 12 numbers.</summary>
    public static byte[] Encoder(Dimension batch, int width = 112, int height = 112, string input = "input.1", string output = "683")
    {
        var graph = new GraphBuilder("encoder");
        var pooled = graph.AveragePool(graph.Input(input, batch, 3, height, width), (height / 2, width / 2), (height / 2, width / 2));
        graph.Output(output, graph.Flatten(pooled), batch, 12);
        return graph.ToBytes();
    }

    /// <summary>
    /// SCRFD's nine outputs, named by numbers and mixed, for the given rows a cell. Every score is 0.5 and the rest 0, or all NaN.
    /// </summary>
    public static byte[] Scrfd(int anchors = 2, bool points = true, bool isNan = false, Dimension? side = null)
    {
        var graph = new GraphBuilder("scrfd");
        var input = graph.Input("input.1", 1, 3, side ?? "height", side ?? "width");
        var name = 440;
        foreach (var values in points ? new[] { 10, 1, 4 } : [1, 4])
        {
            foreach (var stride in new[] { 8, 16, 32 })
            {
                var cells = graph.AveragePool(input, (stride, stride), (stride, stride));
                var weights = graph.Constant(new float[values * anchors * 3], values * anchors, 3, 1, 1);
                var bias = graph.Constant([.. Enumerable.Repeat(0f, values * anchors)], values * anchors);
                var map = graph.Conv(cells, weights, bias, (1, 1), (0, 0, 0, 0));
                var rows = graph.Reshape(graph.Transpose(map, 0, 2, 3, 1), -1, values);
                var last = isNan ? graph.Log(graph.Subtract(rows, graph.Scalar(1))) : values == 1 ? graph.Sigmoid(rows) : rows;
                graph.Output($"{name++}", last, $"n{stride}", values);
            }
        }

        return graph.ToBytes();
    }
}
