using System.Globalization;
using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Calibration;

/// <summary>What <c>calibrate</c> found.</summary>
public sealed record CalibrationResult
{
    /// <summary>The encoder, for people.</summary>
    public required string Encoder { get; init; }

    /// <summary>What the photos are, for people.</summary>
    public required string Data { get; init; }

    public required PairScores Scores { get; init; }

    public required IReadOnlyList<OperatingPoint> Points { get; init; }

    /// <summary>The same with the suspects of suspects.csv in where they are out above, and the other way round; null without such a file.</summary>
    public required IReadOnlyList<OperatingPoint>? OtherWay { get; init; }

    /// <summary>Whether the suspects are left out.</summary>
    public required bool WithoutSuspects { get; init; }

    public required IReadOnlyList<SuspectPair> Suspects { get; init; }

    public required int Resamples { get; init; }

    public int Persons => Scores.Faces.Photos.Persons.Count;

    /// <summary>Points that may be relied on.</summary>
    public IEnumerable<OperatingPoint> Reliable => Points.Where(point => point.Refusal is null);

    /// <summary>One sentence on what was measured, for the manifest.</summary>
    public string Source => string.Create(
        CultureInfo.InvariantCulture,
        $"{Data}: {Scores.Faces.Photos.Rows.Count:N0} photos of {Persons:N0} persons not trained on, {Scores.Genuine.Count:N0} genuine and {Scores.ImpostorPairs:N0} impostor pairs{(WithoutSuspects ? ", doubted labels left out" : "")}; intervals of 95 % over persons. Yours differ: calibrate on photos of your own before trusting a rate.");

    /// <summary>For the manifest.</summary>
    /// <exception cref="TrainerException">Fewer than two points may be relied on.</exception>
    public Inference.Models.Calibration ToManifest()
    {
        var points = Reliable
            .Select(point => new CalibrationPoint(point.FalseAcceptRate, point.Threshold)
            {
                Interval = Rounded(point.ThresholdInterval, point.Threshold),
                TrueAcceptRate = Math.Round(point.TrueAcceptRate, 4),
                TrueAcceptInterval = new CalibrationInterval(Math.Round(point.TrueAcceptInterval.Low, 4), Math.Round(point.TrueAcceptInterval.High, 4)),
            })
            .ToList();
        if (points.Count < 2)
        {
            throw new TrainerException(
                $"Too little to calibrate on: a table needs two rates, and at {Points[^1].FalseAcceptRate:0e0} there are {Points[^1].Refusal}. Nothing was written; add photos of more persons, or take all with --everyone where the encoder was not trained on them.");
        }

        return new Inference.Models.Calibration(Source, points)
        {
            Persons = Persons,
            GenuinePairs = Scores.Genuine.Count,
            ImpostorPairs = Scores.ImpostorPairs,
        };
    }

    // Outwards, and never without the threshold itself, which lies a rounding above what was measured.
    private static CalibrationInterval Rounded(CalibrationInterval interval, float threshold)
    {
        var exact = (double)(decimal)threshold;
        return new CalibrationInterval(
            Math.Min(Math.Floor(interval.Low * 1e4) / 1e4, exact), Math.Max(Math.Ceiling(interval.High * 1e4) / 1e4, exact));
    }
}
