using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>The directions of largest variance: mean, orthonormal rows, and the standard deviation along each.</summary>
public sealed class PrincipalComponents
{
    private const int Oversampling = 16;
    private const int PowerIterations = 3;

    private PrincipalComponents(float[] mean, float[] basis, float[] deviations) => (Mean, Basis, Deviations) = (mean, basis, deviations);

    public float[] Mean { get; }

    /// <summary>Rank × length, row by row, largest variance first.</summary>
    public float[] Basis { get; }

    public float[] Deviations { get; }

    public int Rank => Deviations.Length;

    public int Length => Mean.Length;

    /// <summary>
    /// Randomised subspace iteration (Halko, Martinsson, Tropp 2011): a few products with the data instead of its whole covariance.
    /// </summary>
    /// <param name="data">N × length; overwritten by its deviation from the mean.</param>
    /// <param name="rank">Directions wanted; fewer where the data has fewer.</param>
    /// <param name="seed">Same seed and data, same result.</param>
    public static PrincipalComponents Fit(Tensor data, int rank, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (count, length) = (data.shape[0], data.shape[1]);
        rank = (int)Math.Min(rank, Math.Min(count - 1, length));
        var mean = data.mean([0], keepdim: true);
        data.sub_(mean);
        var random = new GaussianRandom(seed, 0);
        var start = new float[length * Math.Min(rank + Oversampling, Math.Min(count, length))];
        foreach (ref var value in start.AsSpan())
        {
            value = random.Next();
        }

        var subspace = PhotoTensor.Copy(start, length, start.Length / length);
        for (var i = 0; i < PowerIterations; i++)
        {
            subspace = linalg.qr(data.t().mm(data.mm(subspace))).Q;
        }

        var (_, s, v) = linalg.svd(data.mm(subspace), fullMatrices: false);
        var basis = v.mm(subspace.t()).narrow(0, 0, rank).contiguous();
        var deviations = s.narrow(0, 0, rank).div(Number.Of(Math.Sqrt(Math.Max(1, count - 1))));
        return new PrincipalComponents(mean.data<float>().ToArray(), basis.data<float>().ToArray(), deviations.data<float>().ToArray());
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static PrincipalComponents Read(BinaryReader reader)
    {
        var (length, rank) = (reader.ReadInt32(), reader.ReadInt32());
        return new PrincipalComponents(Floats.Read(reader, length), Floats.Read(reader, rank * length), Floats.Read(reader, rank));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Length);
        writer.Write(Rank);
        Floats.Write(writer, Mean);
        Floats.Write(writer, Basis);
        Floats.Write(writer, Deviations);
    }

    /// <summary>N × rank: each row's place along the directions, in standard deviations.</summary>
    /// <param name="centred">N × length, less the mean.</param>
    public float[] Project(Tensor centred)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var basis = PhotoTensor.Copy(Basis, Rank, Length);
        var scale = PhotoTensor.Copy(Deviations, 1, Rank);
        return centred.mm(basis.t()).div(scale).contiguous().data<float>().ToArray();
    }

    /// <summary>The same with every coordinate multiplied; the rows are then no longer of unit length, so only composing makes sense.</summary>
    public PrincipalComponents Scaled(ReadOnlySpan<float> factors)
    {
        var (mean, basis) = ((float[])Mean.Clone(), (float[])Basis.Clone());
        System.Numerics.Tensors.TensorPrimitives.Multiply(mean, factors, mean);
        for (var i = 0; i < Rank; i++)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(basis.AsSpan(i * Length, Length), factors, basis.AsSpan(i * Length, Length));
        }

        return new PrincipalComponents(mean, basis, Deviations);
    }

    /// <summary>mean + Σ coefficient × deviation × direction.</summary>
    public float[] Compose(ReadOnlySpan<float> coefficients)
    {
        var result = (float[])Mean.Clone();
        for (var i = 0; i < Rank; i++)
        {
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(Basis.AsSpan(i * Length, Length), coefficients[i] * Deviations[i], result, result);
        }

        return result;
    }
}
