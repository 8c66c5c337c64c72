namespace FaceCloud.Trainer.Charts;

/// <summary>Bars side by side, as of a histogram.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Bars">Each from one place of the horizontal axis to another.</param>
public sealed record ChartBars(string Name, IReadOnlyList<(double From, double To, double Height)> Bars);
