namespace FaceCloud.Trainer.Augmentation;

/// <summary>
/// A generator of eight bytes that can be seeded for every photo at no cost (splitmix64, Steele et al. 2014): augmentation is a pure
/// function of seed, step and place in the batch, whichever thread does it.
/// </summary>
public struct SmallRandom(int seed, long step, int slot)
{
    private ulong _state = Mix((ulong)(uint)seed ^ Mix(((ulong)step * 0x9E3779B97F4A7C15) ^ Mix((ulong)(uint)slot + 0x632BE59BD9B4E019)));

    /// <summary>0 (inclusive) to 1 (exclusive).</summary>
    public float NextFloat() => (Next() >> 40) * (1f / (1 << 24));

    public float Between(float low, float high) => low + ((high - low) * NextFloat());

    /// <summary>0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    public bool Chance(float probability) => NextFloat() < probability;

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
