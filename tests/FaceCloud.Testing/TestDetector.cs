using FaceCloud.Onnx;

namespace FaceCloud.Testing;

/// <summary>
/// YuNet's inputs and outputs (SOURCES: strides 8, 16, 32; cls, obj, bbox, kps), for drawn faces. Each cell sums the
/// greenness around it with its first and second moments: sum gives size, first gives place, second tells one disc from two.
/// </summary>
internal static class TestDetector
{
    // Pooled pixels a cell looks at, and how many a cell is wide.
    private const int Window = 32;
    private const int CellWidth = 4;

    private const int KeepGreenAbove = 30;
    private const int FullGreen = 230;

    // Disc diameters that a stride answers for; they overlap, and suppression takes one of the two boxes.
    private static readonly (int Stride, float Smallest, float Largest)[] Levels = [(8, 2, 17), (16, 15, 33), (32, 31, 160)];

    public static byte[] ToBytes()
    {
        var graph = new GraphBuilder("test-detector");
        var input = graph.Input("input", "N", 3, "H", "W");

        // BGR: green that exceeds blue and red together, 0..1.
        const float range = FullGreen - KeepGreenAbove;
        var mix = graph.Constant([-1 / range, 1 / range, -1 / range], 1, 3, 1, 1);
        var offset = graph.Constant([-KeepGreenAbove / range], 1);
        var green = graph.Minimum(graph.Relu(graph.Conv(input, mix, offset, (1, 1), (0, 0, 0, 0))), graph.Scalar(1));

        foreach (var level in Levels)
        {
            AddLevel(graph, green, level.Stride, level.Smallest, level.Largest);
        }

        return graph.ToBytes();
    }

    private static void AddLevel(GraphBuilder graph, Value green, int stride, float smallest, float largest)
    {
        var pool = stride / CellWidth;
        var pooled = graph.AveragePool(green, (pool, pool), (pool, pool));
        var weights = graph.Constant(Moments(stride, pool), 4, 1, Window, Window);
        const int before = Window / 2;
        const int after = before - CellWidth;
        var sums = graph.Conv(pooled, weights, bias: null, (CellWidth, CellWidth), (before, before, after, after));

        var mass = Channel(0);
        var safe = graph.Maximum(mass, graph.Scalar(1e-3f));
        var x = graph.Divide(Channel(1), safe);
        var y = graph.Divide(Channel(2), safe);
        var spread = graph.Subtract(graph.Divide(Channel(3), safe), graph.Add(graph.Multiply(x, x), graph.Multiply(y, y)));

        // Diameter of a disc of that mass, in strides.
        var diameter = graph.Sqrt(graph.Multiply(safe, graph.Scalar((float)(4 / Math.PI / (stride * stride)))));
        var relativeSpread = graph.Divide(spread, graph.Multiply(diameter, diameter));

        // The one cell whose corner is nearest answers.
        var near = graph.Multiply(Below(graph.Abs(x), 0.55f, 60), Below(graph.Abs(y), 0.55f, 60));
        var sized = graph.Multiply(Below(diameter, largest / stride, 4 * stride), Above(diameter, smallest / stride, 8 * stride));
        var round = Below(relativeSpread, 0.4f, 40);
        Output("cls", near, 1);
        Output("obj", graph.Multiply(sized, round), 1);

        var place = graph.Concat(1, x, y, diameter);
        var centre = Points(place, (0, -TestFace.BoxRise));
        var sides = graph.Constant([(float)(TestFace.BoxWidth / TestFace.DiscDiameter), (float)(TestFace.BoxHeight / TestFace.DiscDiameter)], 2, 1, 1, 1);
        var size = graph.Log(graph.Conv(diameter, sides, bias: null, (1, 1), (0, 0, 0, 0)));
        Output("bbox", graph.Concat(1, centre, size), 4);
        Output("kps", Points(place, [.. TestFace.Landmarks.Select(point => (point.X - TestFace.NoseX, point.Y - TestFace.NoseY))]), 10);

        Value Channel(int index) => graph.Slice(sums, 1, index, index + 1);

        Value Below(Value value, float limit, float steepness) =>
            graph.Sigmoid(graph.Multiply(graph.Subtract(graph.Scalar(limit), value), graph.Scalar(steepness)));

        Value Above(Value value, float limit, float steepness) =>
            graph.Sigmoid(graph.Multiply(graph.Subtract(value, graph.Scalar(limit)), graph.Scalar(steepness)));

        // (x, y, diameter) to points that far from the nose, in pixels of the crop.
        Value Points(Value source, params (double X, double Y)[] points)
        {
            var rows = points.SelectMany(point => new float[]
            {
                1, 0, (float)(point.X / TestFace.DiscDiameter), 0, 1, (float)(point.Y / TestFace.DiscDiameter),
            });
            return graph.Conv(source, graph.Constant([.. rows], points.Length * 2, 3, 1, 1), bias: null, (1, 1), (0, 0, 0, 0));
        }

        void Output(string name, Value value, int channels)
        {
            var cells = graph.Reshape(graph.Transpose(value, 0, 2, 3, 1), 0, -1, channels);
            graph.Output($"{name}_{stride}", cells, "N", $"cells_{stride}", channels);
        }
    }

    // Sum, and first and second moments in strides, of what lies around a cell's upper left corner.
    private static float[] Moments(int stride, int pool)
    {
        var weights = new float[4 * Window * Window];
        for (var row = 0; row < Window; row++)
        {
            for (var column = 0; column < Window; column++)
            {
                var x = ((pool * (column - (Window / 2))) + ((pool - 1) / 2.0)) / stride;
                var y = ((pool * (row - (Window / 2))) + ((pool - 1) / 2.0)) / stride;
                double[] moments = [1, x, y, (x * x) + (y * y)];
                for (var moment = 0; moment < moments.Length; moment++)
                {
                    weights[(((moment * Window) + row) * Window) + column] = (float)(pool * pool * moments[moment]);
                }
            }
        }

        return weights;
    }
}
