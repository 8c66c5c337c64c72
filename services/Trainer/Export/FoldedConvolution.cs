using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Export;

/// <summary>A <see cref="ConvolutionUnit"/> with its batch normalisation folded into weights and bias.</summary>
/// <param name="Weights">outputs×inputs×3×3.</param>
/// <param name="Bias">One for each output.</param>
/// <param name="Slopes">PReLU's slope of each output, or none.</param>
/// <param name="Outputs">Channels out.</param>
/// <param name="Inputs">Channels in.</param>
/// <param name="Stride">In both directions.</param>
public sealed record FoldedConvolution(float[] Weights, float[] Bias, float[]? Slopes, int Outputs, int Inputs, int Stride)
{
    public static FoldedConvolution Of(ConvolutionUnit unit)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        // y = scale·(w∗x − mean)/√(variance + ε) + shift = (w·g)∗x + (shift − mean·g), g = scale/√(variance + ε)
        var gain = unit.Scale / (unit.Variance + Number.Of(ConvolutionUnit.Epsilon)).sqrt();
        return new FoldedConvolution(
            Values(unit.Weight * gain.reshape(-1, 1, 1, 1)),
            Values(unit.Shift - (unit.Mean * gain)),
            unit.Slope is { } slope ? Values(slope) : null,
            unit.Outputs,
            unit.Inputs,
            unit.Stride);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray();
}
