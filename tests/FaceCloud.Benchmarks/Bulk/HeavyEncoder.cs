using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FaceCloud.Onnx;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>
/// An untrained encoder that costs as much as a ResNet-34 (He et al. 2016): 32 convolutions, nearly all of 64 channels on 56 x 56, 3.6 thousand
/// million multiplications a face. What it says is worthless; what it costs is what a larger model than the shipped one costs.
/// </summary>
internal static class HeavyEncoder
{
    private const string File = "heavy.onnx";
    private const int Convolutions = 32;
    private const int Channels = 64;
    private const int Dimension = 128;

    /// <summary>Writes a folder of models: the detector of another one, and this encoder.</summary>
    public static void WriteFolder(string folder, string models)
    {
        var network = Network();
        System.IO.File.WriteAllBytes(Path.Combine(folder, File), network);
        foreach (var onnx in Directory.EnumerateFiles(models, "*.onnx"))
        {
            System.IO.File.Copy(onnx, Path.Combine(folder, Path.GetFileName(onnx)));
        }

        var catalog = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(models, "models.json")))!;
        var name = (string)catalog["encoder"]!;
        var encoder = catalog["models"]!.AsArray().Single(model => (string)model!["name"]! == name)!;
        encoder["file"] = File;
        encoder["sha256"] = Convert.ToHexStringLower(SHA256.HashData(network));
        encoder["dimension"] = Dimension;
        encoder["mirror"] = false;
        System.IO.File.WriteAllText(Path.Combine(folder, "models.json"), catalog.ToJsonString());
    }

    private static byte[] Network()
    {
        var random = new Random(34);
        var graph = new GraphBuilder("heavy");
        var value = graph.Input("input", "N", 3, 112, 112);
        value = Convolution(value, inputs: 3, stride: 2);
        for (var i = 1; i < Convolutions; i++)
        {
            value = Convolution(value, Channels, stride: 1);
        }

        var weights = graph.Constant(Normal(Dimension * Channels, 1), Dimension, Channels);
        var bias = graph.Constant(Normal(Dimension, 1), Dimension);
        graph.Output("embedding", graph.Gemm(graph.Flatten(graph.GlobalAveragePool(value)), weights, bias), "N", Dimension);
        return graph.ToBytes();

        // He et al. 2015: with this deviation the values neither vanish nor grow, and no number becomes a slow, denormal one.
        Value Convolution(Value input, int inputs, int stride) => graph.Relu(graph.Conv(
            input,
            graph.Constant(Normal(Channels * inputs * 9, Math.Sqrt(2.0 / (inputs * 9))), Channels, inputs, 3, 3),
            bias: null,
            (stride, stride),
            (1, 1, 1, 1)));

        // Box and Muller.
        float[] Normal(int count, double deviation) =>
            [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
