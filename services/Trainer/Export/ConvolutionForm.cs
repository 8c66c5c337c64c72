using FaceCloud.Onnx;

namespace FaceCloud.Trainer.Export;

/// <summary>How convolutions and sums of residual blocks are written; the rest of an encoder's graph is the same in all forms.</summary>
public abstract class ConvolutionForm
{
    /// <param name="graph">Graph under construction.</param>
    /// <param name="place">Number of the convolution, from 0 in the order of computation.</param>
    /// <param name="input">Its input.</param>
    /// <param name="convolution">Weights.</param>
    public virtual Value Convolve(GraphBuilder graph, int place, Value input, FoldedConvolution convolution) =>
        graph.Conv(
            input,
            graph.Constant(convolution.Weights, convolution.Outputs, convolution.Inputs, 3, 3),
            graph.Constant(convolution.Bias, convolution.Outputs),
            (convolution.Stride, convolution.Stride),
            (1, 1, 1, 1));

    /// <param name="graph">Graph under construction.</param>
    /// <param name="place">Number of the sum's last convolution.</param>
    /// <param name="identity">What goes past the block.</param>
    /// <param name="change">What the block computes.</param>
    public virtual Value Add(GraphBuilder graph, int place, Value identity, Value change) => graph.Add(identity, change);

    /// <summary>Called once, after the last node.</summary>
    public virtual void Complete(GraphBuilder graph)
    {
    }
}
