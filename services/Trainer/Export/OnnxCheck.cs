using System.Numerics.Tensors;
using FaceCloud.Trainer.Networks;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Export;

/// <summary>Compares an exported model with the network it came from.</summary>
public static class OnnxCheck
{
    /// <summary>Largest difference of any number of any embedding that an export may have.</summary>
    public const float Tolerance = 1e-4f;

    private const int Photos = 5;

    /// <summary>Largest absolute difference over random input, as one batch and photo by photo.</summary>
    public static float LargestDifference(EncoderNetwork network, byte[] model)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        network.eval();
        network.UseBfloat16(false);
        var side = network.Architecture.Side;
        var input = (rand(Photos, 3, side, side) * Number.Of(2)) - Number.Of(1);
        var expected = network.call(input).contiguous().data<float>().ToArray();
        var values = input.contiguous().data<float>().ToArray();
        using var session = new InferenceSession(model);
        var single = values.Length / Photos;
        var alone = Enumerable.Range(0, Photos).SelectMany(i => Run(values.AsSpan(i * single, single).ToArray(), 1)).ToArray();
        return Math.Max(Largest(Run(values, Photos), expected), Largest(alone, expected));

        float[] Run(float[] photos, int count)
        {
            using var value = OrtValue.CreateTensorValueFromMemory(photos, [count, 3, side, side]);
            using var options = new RunOptions();
            using var results = session.Run(options, [OnnxExport.InputName], [value], [OnnxExport.OutputName]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
    }

    /// <summary>Lowest cosine between the embeddings that two forms of a model give to the same random input.</summary>
    public static float LowestCosine(byte[] model, byte[] other, int side)
    {
        var random = new Random(1);
        var photo = new float[3 * side * side];
        using var options = new RunOptions();
        using var first = new InferenceSession(model);
        using var second = new InferenceSession(other);
        var lowest = 1f;
        for (var i = 0; i < Photos; i++)
        {
            for (var j = 0; j < photo.Length; j++)
            {
                photo[j] = (random.NextSingle() * 2) - 1;
            }

            lowest = Math.Min(lowest, TensorPrimitives.CosineSimilarity(Embed(first), Embed(second)));
        }

        return lowest;

        float[] Embed(InferenceSession session)
        {
            using var value = OrtValue.CreateTensorValueFromMemory(photo, [1, 3, side, side]);
            using var results = session.Run(options, [OnnxExport.InputName], [value], [OnnxExport.OutputName]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
    }

    private static float Largest(float[] actual, float[] expected)
    {
        var largest = 0f;
        for (var i = 0; i < expected.Length; i++)
        {
            // Math.Max passes NaN on, so a broken model cannot pass for an exact one.
            largest = Math.Max(largest, Math.Abs(actual[i] - expected[i]));
        }

        return largest;
    }
}
