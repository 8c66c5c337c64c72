using FaceCloud.Trainer.Augmentation;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>Numbers that are the same on every platform for the same seed and place.</summary>
public sealed class GaussianRandom(int seed, int place)
{
    private SmallRandom _random = new(seed, place, 77);

    /// <summary>Normal, mean 0, deviation 1 (Box and Muller 1958).</summary>
    public float Next() => MathF.Sqrt(-2 * MathF.Log(1 - _random.NextFloat())) * MathF.Cos(2 * MathF.PI * _random.NextFloat());

    /// <summary>0 (inclusive) to 1 (exclusive).</summary>
    public float NextUniform() => _random.NextFloat();

    public float Between(float low, float high) => _random.Between(low, high);

    public int Below(int count) => _random.Below(count);

    public bool Chance(float probability) => _random.Chance(probability);
}
