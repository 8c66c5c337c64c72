namespace FaceCloud.Trainer.Charts;

/// <summary>A named line.</summary>
public sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
