using System.Numerics.Tensors;

namespace FaceCloud.Benchmarks.Index;

/// <summary>What this machine's memory gives: all cores add up arrays that no cache holds.</summary>
public sealed class MemoryBandwidth
{
    private const int BytesPerCore = 256 << 20;
    private const int PieceValues = 64 << 10;

    private readonly float[][] _arrays = new float[Environment.ProcessorCount][];

    public MemoryBandwidth() => Parallel.For(0, _arrays.Length, i =>
    {
        _arrays[i] = new float[BytesPerCore / sizeof(float)];
        Array.Fill(_arrays[i], 1);
    });

    /// <summary>Bytes a second; the best of all rounds, for a limit is what may be reached at best.</summary>
    public double Best { get; private set; }

    /// <summary>One round, some ten milliseconds.</summary>
    public void Measure()
    {
        // Threads of their own, ready before the clock starts.
        using var start = new Barrier(_arrays.Length + 1);
        var threads = Array.ConvertAll(_arrays, values => new Thread(() =>
        {
            start.SignalAndWait();
            AddUp(values);
        }));
        Array.ForEach(threads, thread => thread.Start());
        start.SignalAndWait();
        var clock = new Clock();
        Array.ForEach(threads, thread => thread.Join());
        Best = Math.Max(Best, (double)_arrays.Length * BytesPerCore / clock.Elapsed.TotalSeconds);
    }

    private static void AddUp(float[] values)
    {
        var sum = 0d;
        for (var i = 0; i < values.Length; i += PieceValues)
        {
            sum += TensorPrimitives.Sum<float>(values.AsSpan(i, PieceValues));
        }

        if (sum != values.Length)
        {
            throw new InvalidOperationException("The sum is wrong.");
        }
    }
}
