namespace FaceCloud.Trainer.Calibration;

/// <summary>How weight is spread over cosines −1..1, in 20,000 steps: fine enough for every curve, whatever the number of pairs.</summary>
public sealed class ScoreHistogram
{
    /// <summary>Number of steps.</summary>
    public const int Bins = 20_000;

    private readonly double[] _weights = new double[Bins];

    public double Total { get; private set; }

    /// <summary>The lower end of a step.</summary>
    public static double Edge(int bin) => ((double)bin / Bins * 2) - 1;

    public void Add(float similarity, double weight)
    {
        _weights[Math.Clamp((int)((similarity + 1.0) / 2 * Bins), 0, Bins - 1)] += weight;
        Total += weight;
    }

    /// <summary>Share of the weight at or above each step's lower end; one more entry for what lies above all, 0.</summary>
    public double[] ShareFrom()
    {
        var shares = new double[Bins + 1];
        for (var bin = Bins - 1; bin >= 0; bin--)
        {
            shares[bin] = shares[bin + 1] + (Total == 0 ? 0 : _weights[bin] / Total);
        }

        return shares;
    }
}
