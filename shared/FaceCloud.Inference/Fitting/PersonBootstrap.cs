using FaceCloud.Inference.Models;

namespace FaceCloud.Inference.Fitting;

/// <summary>
/// How much a measured number would move with other persons: 95 % of what it comes to over resamples. Persons are drawn, with
/// replacement, not pairs: pairs that share a person rise and fall together (one odd face, or one wrong label, makes dozens of false accepts
/// at a time), and drawing three million pairs as if they were independent would give intervals many times too narrow. A person
/// drawn twice makes every pair with them count twice; they make no impostor pair with themselves.
/// </summary>
/// <param name="resamples">How often; 1000 for an interval to be written down.</param>
/// <param name="seed">Same seed, same resamples.</param>
public sealed class PersonBootstrap(int resamples, int seed)
{
    public int Resamples { get; } = resamples;

    public int Seed { get; } = seed;

    /// <summary>How many times each person is drawn, once for every resample. The array is used again for the next one.</summary>
    public IEnumerable<int[]> Draw(int persons)
    {
        var random = new Random(Seed);
        var times = new int[persons];
        for (var i = 0; i < Resamples; i++)
        {
            Array.Clear(times);
            for (var drawn = 0; drawn < persons; drawn++)
            {
                times[random.Next(persons)]++;
            }

            yield return times;
        }
    }

    /// <summary>The middle 95 %; numbers that a resample could not give (NaN) are left out.</summary>
    public static CalibrationInterval Middle(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0
            ? new CalibrationInterval(double.NaN, double.NaN)
            : new CalibrationInterval(sorted[(int)(0.025 * (sorted.Length - 1))], sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))]);
    }
}
