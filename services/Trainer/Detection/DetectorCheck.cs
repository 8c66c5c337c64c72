using FaceCloud.Trainer.Networks;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>Compares an exported detector with the network it came from.</summary>
public static class DetectorCheck
{
    private const int Pictures = 2;
    private const int Height = 96;
    private const int Width = 160;

    /// <summary>Largest difference over random pictures, for each output as a share of its largest number where that exceeds 1.</summary>
    public static float LargestDifference(DetectorNetwork network, byte[] model)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        network.eval();
        network.UseBfloat16(false);
        var values = (rand(Pictures, 3, Height, Width) * Number.Of(255)).data<float>().ToArray();
        var maps = network.call(PhotoTensor.Copy(values, Pictures, 3, Height, Width));
        using var session = new InferenceSession(model);
        using var input = OrtValue.CreateTensorValueFromMemory(values, [Pictures, 3, Height, Width]);
        using var options = new RunOptions();
        var largest = 0f;
        for (var level = 0; level < maps.Length; level++)
        {
            var cells = maps[level].flatten(2).transpose(1, 2);
            foreach (var (name, start, end) in DetectorExport.Parts)
            {
                var part = cells.narrow(2, start, end - start);
                var expected = (end - start == 1 ? part.sigmoid() : part).contiguous().data<float>().ToArray();
                using var results = session.Run(options, [DetectorExport.InputName], [input], [$"{name}_{DetectorArchitecture.Strides[level]}"]);
                var actual = results[0].GetTensorDataAsSpan<float>();
                var scale = Math.Max(1, expected.Max(Math.Abs));
                for (var i = 0; i < expected.Length; i++)
                {
                    // Math.Max passes NaN on, so a broken model cannot pass for an exact one.
                    largest = Math.Max(largest, Math.Abs(actual[i] - expected[i]) / scale);
                }
            }
        }

        return largest;
    }
}
