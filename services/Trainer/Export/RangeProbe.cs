using FaceCloud.Onnx;

namespace FaceCloud.Trainer.Export;

/// <summary>The float32 form with the values that 8 bits will have to hold as further outputs: before, after each convolution, and after each sum.</summary>
public sealed class RangeProbe : ConvolutionForm
{
    private readonly List<(string Name, Value Value)> _outputs = [];

    /// <summary>Names of the further outputs.</summary>
    public IReadOnlyList<string> Names => [.. _outputs.Select(o => o.Name)];

    public override Value Convolve(GraphBuilder graph, int place, Value input, FoldedConvolution convolution)
    {
        var output = base.Convolve(graph, place, input, convolution);
        _outputs.Add((ActivationRanges.Before(place), input));
        _outputs.Add((ActivationRanges.After(place), output));
        return output;
    }

    public override Value Add(GraphBuilder graph, int place, Value identity, Value change)
    {
        var sum = base.Add(graph, place, identity, change);
        _outputs.Add((ActivationRanges.Sum(place), sum));
        return sum;
    }

    /// <inheritdoc />
    public override void Complete(GraphBuilder graph)
    {
        foreach (var (name, value) in _outputs)
        {
            graph.Output(name, value, Dimension.FromName("N"), Dimension.FromName($"{name}_c"), Dimension.FromName($"{name}_h"), Dimension.FromName($"{name}_w"));
        }
    }
}
