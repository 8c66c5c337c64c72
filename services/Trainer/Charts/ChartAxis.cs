namespace FaceCloud.Trainer.Charts;

/// <summary>What an axis shows.</summary>
/// <param name="Title">What, and in which unit.</param>
/// <param name="Low">Where it begins; above 0 on a logarithmic axis.</param>
/// <param name="High">Where it ends.</param>
/// <param name="Scale">How it is divided.</param>
/// <param name="Percent">Writes 0.5 as 50 %.</param>
public sealed record ChartAxis(string Title, double Low, double High, AxisScale Scale = AxisScale.Linear, bool Percent = false)
{
    /// <summary>Where a value lies, 0 at the low end, 1 at the high end.</summary>
    public double Place(double value) => Scale == AxisScale.Linear
        ? (Math.Clamp(value, Low, High) - Low) / (High - Low)
        : Math.Log(Math.Clamp(value, Low, High) / Low) / Math.Log(High / Low);
}
