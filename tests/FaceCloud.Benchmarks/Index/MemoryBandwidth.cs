using System.Diagnostics;
using System.Numerics.Tensors;

namespace FaceCloud.Benchmarks.Index;

/// <summary>What this machine's memory gives: all cores add up arrays that no cache holds.</summary>
public static class MemoryBandwidth
{
    /// <summary>Of one measurement, which takes half a second.</summary>
    public const int Rounds = 15;

    private const int BytesPerCore = 256 << 20;
    private const int PieceValues = 64 << 10;

    /// <returns>Bytes a second; the best of some rounds, for a limit is what may be reached at best.</returns>
    public static double Measure()
    {
        var arrays = new float[Environment.ProcessorCount][];
        Parallel.For(0, arrays.Length, i =>
        {
            arrays[i] = new float[BytesPerCore / sizeof(float)];
            Array.Fill(arrays[i], 1);
        });

        var best = 0d;
        for (var round = 0; round < Rounds; round++)
        {
            // Threads of their own, ready before the clock starts.
            using var start = new Barrier(arrays.Length + 1);
            var threads = arrays.Select(values => new Thread(() =>
            {
                start.SignalAndWait();
                var sum = 0d;
                for (var i = 0; i < values.Length; i += PieceValues)
                {
                    sum += TensorPrimitives.Sum<float>(values.AsSpan(i, PieceValues));
                }

                if (sum != values.Length)
                {
                    throw new InvalidOperationException("The sum is wrong.");
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            start.SignalAndWait();
            var started = Stopwatch.GetTimestamp();
            threads.ForEach(thread => thread.Join());
            best = Math.Max(best, (double)arrays.Length * BytesPerCore / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }
}
