using BenchmarkDotNet.Attributes;
using FaceCloud.Numerics;

namespace FaceCloud.Benchmarks.Micro;

/// <summary>One query against a gallery in memory: the inner loop of the embedded index.</summary>
[InProcess]
public class DotProductBenchmark
{
    private const int Faces = 1000;

    private float[] _query = [];
    private float[] _faces = [];

    [Params(128, 512)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(2015);
        _query = Values(Dimension);
        _faces = Values(Dimension * Faces);

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Benchmark(OperationsPerInvoke = Faces)]
    public float DotProduct()
    {
        var best = float.MinValue;
        for (var face = 0; face < Faces; face++)
        {
            best = Math.Max(best, Vectors.DotProduct(_query, _faces.AsSpan(face * Dimension, Dimension)));
        }

        return best;
    }

    [Benchmark(OperationsPerInvoke = Faces, Baseline = true)]
    public float PlainLoop()
    {
        var best = float.MinValue;
        for (var face = 0; face < Faces; face++)
        {
            var sum = 0f;
            for (var i = 0; i < Dimension; i++)
            {
                sum += _query[i] * _faces[(face * Dimension) + i];
            }

            best = Math.Max(best, sum);
        }

        return best;
    }
}
