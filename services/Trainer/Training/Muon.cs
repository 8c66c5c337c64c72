using FaceCloud.Trainer.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Training;

/// <summary>
/// Muon: the momentum of a weight matrix is replaced by (about) the nearest matrix whose singular values are all 1, so that rare
/// directions learn as fast as common ones (Jordan et al. 2024; convolutions count as outputs × the rest). The step has the size that AdamW's
/// has at the same rate (Liu et al. 2025, "Muon is scalable").
/// </summary>
public sealed class Muon : IDisposable
{
    private const double Momentum = 0.95;
    private const double SizeOfAdamStep = 0.2;
    private const int Iterations = 5;

    private readonly List<(Parameter Weights, Tensor Momentum)> _matrices;
    private readonly double _weightDecay;

    public Muon(IEnumerable<Parameter> matrices, double weightDecay)
    {
        _matrices = [.. matrices.Select(weights => (weights, zeros_like(weights).DetachFromDisposeScope()))];
        _weightDecay = weightDecay;
    }

    public void Step(double rate)
    {
        using var guard = no_grad();
        foreach (var (weights, momentum) in _matrices)
        {
            if (weights.grad is not { } gradient)
            {
                continue;
            }

            using var scope = NewDisposeScope();
            momentum.mul_(Number.Of(Momentum)).add_(gradient);
            var matrix = (gradient + (momentum * Number.Of(Momentum))).reshape(weights.shape[0], -1);
            var step = Orthogonal(matrix).reshape(weights.shape);
            var size = SizeOfAdamStep * Math.Sqrt(Math.Max(matrix.shape[0], matrix.shape[1]));
            weights.mul_(Number.Of(1 - (rate * _weightDecay))).sub_(step * Number.Of(rate * size));
        }
    }

    /// <summary>Singular values of a matrix brought to between 0.7 and 1.2, its directions kept: five steps of a Newton-Schulz iteration.</summary>
    public static Tensor Orthogonal(Tensor matrix)
    {
        var wide = matrix.shape[0] <= matrix.shape[1];
        var x = wide ? matrix : matrix.t();
        x /= x.norm() + Number.Of(1e-7);
        for (var i = 0; i < Iterations; i++)
        {
            // The polynomial's slope at 0 is large and its values stay near 1: coefficients as published.
            var a = x.matmul(x.t());
            x = (x * Number.Of(3.4445)) + ((a * Number.Of(-4.775)) + (a.matmul(a) * Number.Of(2.0315))).matmul(x);
        }

        return wide ? x : x.t();
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var (_, momentum) in _matrices)
        {
            writer.Write(momentum.bytes);
        }
    }

    public void Load(BinaryReader reader)
    {
        foreach (var (_, momentum) in _matrices)
        {
            reader.BaseStream.ReadExactly(momentum.bytes);
        }
    }

    public void Dispose() => _matrices.ForEach(matrix => matrix.Momentum.Dispose());
}
