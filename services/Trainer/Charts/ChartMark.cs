namespace FaceCloud.Trainer.Charts;

/// <summary>A vertical line across the chart, with a word at its upper end.</summary>
public sealed record ChartMark(double At, string Text);
