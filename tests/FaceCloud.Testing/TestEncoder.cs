using FaceCloud.Onnx;

namespace FaceCloud.Testing;

/// <summary>[N,3,112,112] to [N,64]: the mean colour of every tile, projected at random.</summary>
internal static class TestEncoder
{
    private const int Tiles = TestFace.TilesPerRow * TestFace.TilesPerRow;
    private const int Features = 3 * Tiles;

    /// <summary>Of tile colours, so that two seeds have nothing in common.</summary>
    public static IReadOnlyList<float> Mean { get; } =
    [
        (TestFace.RedLow + TestFace.RedHigh) / 2f, (TestFace.GreenLow + TestFace.GreenHigh) / 2f, (TestFace.RedLow + TestFace.RedHigh) / 2f,
    ];

    public static IReadOnlyList<float> Std { get; } =
    [
        (TestFace.RedHigh - TestFace.RedLow) / 2f, (TestFace.GreenHigh - TestFace.GreenLow) / 2f, (TestFace.RedHigh - TestFace.RedLow) / 2f,
    ];

    public static byte[] ToBytes()
    {
        var graph = new GraphBuilder("test-encoder");
        var input = graph.Input("input", "N", 3, 112, 112);
        var tiles = graph.AveragePool(input, (TestFace.TileSize, TestFace.TileSize), (TestFace.TileSize, TestFace.TileSize));
        var weights = graph.Constant(Projection(), TestModels.Dimension, Features);
        var bias = graph.Constant(new float[TestModels.Dimension], TestModels.Dimension);
        graph.Output("embedding", graph.Gemm(graph.Flatten(tiles), weights, bias), "N", TestModels.Dimension);
        return graph.ToBytes();
    }

    private static float[] Projection()
    {
        var random = new TestRandom(2015);
        var weights = new float[TestModels.Dimension * Features];
        for (var i = 0; i < weights.Length; i++)
        {
            var sign = random.NextBool() ? 1f : -1f;
            var tile = i % Features % Tiles;
            weights[i] = TestFace.IsUnderDisc(tile % TestFace.TilesPerRow, tile / TestFace.TilesPerRow) ? 0 : sign;
        }

        return weights;
    }
}
