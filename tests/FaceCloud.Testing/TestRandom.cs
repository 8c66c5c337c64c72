namespace FaceCloud.Testing;

/// <summary>The same numbers on every machine and runtime, unlike System.Random (SplitMix64).</summary>
internal sealed class TestRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    public bool NextBool() => (Next() >> 63) != 0;

    /// <summary>-1..1.</summary>
    public double NextSigned() => ((Next() >> 11) / (double)(1L << 52)) - 1;
}
