using FaceCloud.Onnx;

namespace FaceCloud.Trainer.Export;

/// <summary>
/// Convolutions and sums in 8 bits: weights int8 with a scale for each output channel, values uint8 with measured ranges.
/// The first convolution stays float32: it is small and meets the photo itself.
/// </summary>
public sealed class EightBitForm(ActivationRanges ranges) : ConvolutionForm
{
    /// <inheritdoc />
    public override Value Convolve(GraphBuilder graph, int place, Value input, FoldedConvolution convolution)
    {
        if (place == 0)
        {
            return base.Convolve(graph, place, input, convolution);
        }

        var (before, after) = (ranges[ActivationRanges.Before(place)], ranges[ActivationRanges.After(place)]);
        var fan = convolution.Inputs * 9;
        var (weights, bias) = (new sbyte[convolution.Weights.Length], new int[convolution.Outputs]);
        var (weightScales, biasScales) = (new float[convolution.Outputs], new float[convolution.Outputs]);
        for (var output = 0; output < convolution.Outputs; output++)
        {
            var row = convolution.Weights.AsSpan(output * fan, fan);
            var largest = 0f;
            foreach (var weight in row)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            var scale = Math.Max(largest / 127, 1e-12f);
            for (var i = 0; i < fan; i++)
            {
                weights[(output * fan) + i] = (sbyte)Math.Clamp(MathF.Round(row[i] / scale), -127, 127);
            }

            (weightScales[output], biasScales[output]) = (scale, scale * before.Scale);
            bias[output] = (int)Math.Clamp(Math.Round(convolution.Bias[output] / (double)biasScales[output]), int.MinValue, int.MaxValue);
        }

        var result = graph.Conv(
            graph.RoundTrip(input, before.Scale, before.Zero),
            graph.Dequantise(graph.Constant(weights, convolution.Outputs, convolution.Inputs, 3, 3), weightScales),
            graph.Dequantise(graph.Constant(bias, convolution.Outputs), biasScales),
            (convolution.Stride, convolution.Stride),
            (1, 1, 1, 1));
        return graph.RoundTrip(result, after.Scale, after.Zero);
    }
}
