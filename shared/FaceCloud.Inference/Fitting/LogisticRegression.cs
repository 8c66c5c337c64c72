using System.Numerics.Tensors;

namespace FaceCloud.Inference.Fitting;

/// <summary>
/// σ(Σ w_k·x_k + b), fitted by Newton's method in double precision: the least of (Σ v_i·log(1 + exp(−y_i·z_i))) / Σ v_i + λ/2·Σ (w_k·s_k)², y = ±1, with
/// s_k the features' deviations, so that λ means the same whatever their scale. Convex: one minimum, found in a few steps.
/// </summary>
/// <param name="Weights">w.</param>
/// <param name="Bias">b.</param>
public sealed record LogisticRegression(double[] Weights, double Bias)
{
    private const int MostSteps = 100;
    private const double Converged = 1e-9;

    /// <param name="features">float64[N,D], row by row; changed: left standardised.</param>
    /// <param name="labels">N: true for one person.</param>
    /// <param name="importance">N: v, each above 0.</param>
    /// <param name="ridge">λ.</param>
    /// <param name="fallingOnly">
    /// Holds every weight at or below 0 (projected Newton, Bertsekas 1982): weights that would have to rise stay at 0 and leave the system. A
    /// distance then never makes a pair more probable.
    /// </param>
    /// <exception cref="FittingException">A feature that is not finite, or labels of one kind only.</exception>
    public static LogisticRegression Fit(double[] features, bool[] labels, double[] importance, double ridge, bool fallingOnly)
    {
        var (count, dimension) = (labels.Length, features.Length / Math.Max(1, labels.Length));
        if (!labels.Contains(true) || !labels.Contains(false))
        {
            throw new FittingException("A head needs pairs of one person and pairs of two.");
        }

        if (!TensorPrimitives.IsFiniteAll<double>(features))
        {
            throw new FittingException("A pair to fit on has NaN or infinity in it; the model that made its embeddings is not fit for use.");
        }

        var all = importance.Sum();
        var (means, deviations) = Standardise(features, importance, all, dimension);

        // The last place is the bias.
        var parameters = new double[dimension + 1];
        var loss = Loss(parameters);
        for (var step = 0; step < MostSteps; step++)
        {
            var (gradient, curvature) = Derivatives(parameters);
            var free = Enumerable.Range(0, dimension + 1).Where(k => !(fallingOnly && k < dimension && parameters[k] >= 0 && gradient[k] <= 0)).ToArray();
            if (free.All(k => Math.Abs(gradient[k]) < Converged))
            {
                break;
            }

            var direction = Solve(curvature, gradient, free);
            var (length, improved) = (1.0, false);
            for (var halving = 0; halving < 40 && !improved; halving++, length /= 2)
            {
                var tried = (double[])parameters.Clone();
                for (var i = 0; i < free.Length; i++)
                {
                    var moved = tried[free[i]] - (length * direction[i]);
                    tried[free[i]] = fallingOnly && free[i] < dimension ? Math.Min(0, moved) : moved;
                }

                var lossThere = Loss(tried);
                if (lossThere < loss)
                {
                    (parameters, loss, improved) = (tried, lossThere, true);
                }
            }

            if (!improved)
            {
                // Rounding is all that is left.
                break;
            }
        }

        var weights = new double[dimension];
        var bias = parameters[dimension];
        for (var k = 0; k < dimension; k++)
        {
            weights[k] = deviations[k] == 0 ? 0 : parameters[k] / deviations[k];
            bias -= weights[k] * means[k];
        }

        return new LogisticRegression(weights, bias);

        ReadOnlySpan<double> Row(int i) => features.AsSpan(i * dimension, dimension);

        double Sum(double[] at, int i) => TensorPrimitives.Dot(Row(i), at.AsSpan(0, dimension)) + at[dimension];

        double Loss(double[] at)
        {
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                sum += importance[i] * LogOnePlusExp(labels[i] ? -Sum(at, i) : Sum(at, i));
            }

            return (sum / all) + (ridge / 2 * TensorPrimitives.SumOfSquares(at.AsSpan(0, dimension)));
        }

        (double[] Gradient, double[][] Curvature) Derivatives(double[] at)
        {
            var gradient = new double[dimension + 1];
            var curvature = Enumerable.Range(0, dimension + 1).Select(_ => new double[dimension + 1]).ToArray();
            var row = new double[dimension + 1];
            row[dimension] = 1;
            for (var i = 0; i < count; i++)
            {
                Row(i).CopyTo(row);
                var probability = 1 / (1 + Math.Exp(-Sum(at, i)));
                var share = importance[i] / all;
                TensorPrimitives.MultiplyAdd(row, share * (probability - (labels[i] ? 1 : 0)), gradient, gradient);
                var bend = share * probability * (1 - probability);
                for (var k = 0; k <= dimension; k++)
                {
                    // The lower triangle is enough.
                    var target = curvature[k].AsSpan(0, k + 1);
                    TensorPrimitives.MultiplyAdd(row.AsSpan(0, k + 1), bend * row[k], target, target);
                }
            }

            for (var k = 0; k < dimension; k++)
            {
                gradient[k] += ridge * at[k];
                curvature[k][k] += ridge;
            }

            return (gradient, curvature);
        }
    }

    /// <summary>log(1 + e^x) without overflow.</summary>
    public static double LogOnePlusExp(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));

    /// <summary>To mean 0 and deviation 1, in place; a feature that never changes to 0.</summary>
    private static (double[] Means, double[] Deviations) Standardise(double[] features, double[] importance, double all, int dimension)
    {
        var (means, deviations) = (new double[dimension], new double[dimension]);
        for (var i = 0; i < importance.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(features.AsSpan(i * dimension, dimension), importance[i] / all, means, means);
        }

        for (var i = 0; i < importance.Length; i++)
        {
            var row = features.AsSpan(i * dimension, dimension);
            TensorPrimitives.Subtract(row, means, row);
            for (var k = 0; k < dimension; k++)
            {
                deviations[k] += importance[i] / all * row[k] * row[k];
            }
        }

        for (var k = 0; k < dimension; k++)
        {
            deviations[k] = Math.Sqrt(deviations[k]);
        }

        for (var i = 0; i < importance.Length; i++)
        {
            for (var k = 0; k < dimension; k++)
            {
                features[(i * dimension) + k] = deviations[k] == 0 ? 0 : features[(i * dimension) + k] / deviations[k];
            }
        }

        return (means, deviations);
    }

    /// <summary>The free part of H·d = g, by Cholesky; H is given as its lower triangle.</summary>
    private static double[] Solve(double[][] curvature, double[] gradient, int[] free)
    {
        const double least = 1e-12;
        var size = free.Length;
        var lower = new double[size][];
        var solution = new double[size];
        for (var i = 0; i < size; i++)
        {
            lower[i] = new double[size];
            for (var j = 0; j <= i; j++)
            {
                var value = curvature[free[i]][free[j]] - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, j), lower[j].AsSpan(0, j));
                lower[i][j] = i == j ? Math.Sqrt(Math.Max(value, least)) : value / lower[j][j];
            }

            solution[i] = (gradient[free[i]] - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, i), solution.AsSpan(0, i))) / lower[i][i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < size; j++)
            {
                solution[i] -= lower[j][i] * solution[j];
            }

            solution[i] /= lower[i][i];
        }

        return solution;
    }
}
