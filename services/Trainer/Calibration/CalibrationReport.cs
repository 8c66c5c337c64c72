using System.Globalization;
using System.Text;
using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Charts;

namespace FaceCloud.Trainer.Calibration;

/// <summary>A calibration as page, pictures and table.</summary>
public static class CalibrationReport
{
    private const int HistogramBars = 100;

    /// <summary>Writes roc.svg, det.svg, scores.svg, curve.csv and the page's section.</summary>
    public static void Write(string folder, CalibrationResult result)
    {
        Directory.CreateDirectory(folder);
        var curve = new ScoreCurve(result.Scores.GenuineHistogram, result.Scores.ImpostorHistogram);
        var pictures = new Dictionary<string, string>
        {
            ["roc"] = Roc(result, curve),
            ["det"] = Det(result, curve),
            ["scores"] = Histograms(result),
        };
        foreach (var (name, svg) in pictures)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.svg"), svg);
        }

        File.WriteAllText(Path.Combine(folder, "curve.csv"), curve.ToCsv());
        ReportPage.Write(folder, "calibration", Section(result, curve, pictures));
    }

    private static string Section(CalibrationResult result, ScoreCurve curve, Dictionary<string, string> pictures)
    {
        var html = new StringBuilder();
        var scores = result.Scores;
        Line($"<h2>Thresholds of {ReportPage.Escape(result.Encoder)}</h2>");
        Line($"<p>{ReportPage.Escape(result.Source)}</p>");
        Line($"<p>EER {curve.EqualErrorRate:P2}, area under the ROC curve {curve.AreaUnderCurve:0.0000}. Every impostor pair counts once. In the true accept rate every person counts the same, whatever the number of their photos; “of pairs” counts every pair the same instead. Accepts: impostor pairs at or above the threshold, and how many pairs of persons they are of.</p>");
        Line($"<div class=\"scroll\"><table><tr><th>false accept rate</th><th>threshold (cosine)</th><th>95 %</th><th>true accept rate</th><th>95 %</th><th>of pairs</th><th>accepts</th><th>of persons</th></tr>");
        foreach (var point in result.Points)
        {
            if (point.Refusal is { } refusal)
            {
                Line($"<tr><td>{Rate(point)}</td><td class=\"word long warn\" colspan=\"7\">{ReportPage.Escape(refusal)}</td></tr>");
                continue;
            }

            Line($"<tr><td>{Rate(point)}</td><td>{point.Threshold:0.0000}</td><td>{Cosines(point.ThresholdInterval)}</td><td>{point.TrueAcceptRate:P1}</td><td>{Shares(point.TrueAcceptInterval)}</td><td>{point.TrueAcceptRateOfPairs:P1}</td><td>{point.FalseAccepts:N0}</td><td>{point.PersonPairs:N0}</td></tr>");
        }

        Line($"</table></div>");
        Line($"<p class=\"soft\">Intervals: {result.Resamples} resamples of persons, not of pairs. A rate is given where ten or more false accepts are expected, from ten or more pairs of persons, and the interval is at most 0.1 wide.</p>");
        html.Append(pictures["scores"]).Append(pictures["roc"]).Append(pictures["det"]);
        if (result.OtherWay is { } other)
        {
            Line($"<h3>What doubted labels do</h3>");
            Line($"<p>{(result.WithoutSuspects ? "Above, pairs that suspects.csv doubts are left out; with them" : "Above, all labels are taken as they are; without those that suspects.csv doubts")} it would be as below. Leaving them out flatters models that err like the one which found the suspects.</p>");
            Line($"<div class=\"scroll\"><table><tr><th>false accept rate</th><th>threshold</th><th>moves by</th><th>true accept rate</th><th>moves by</th></tr>");
            foreach (var (point, moved) in result.Points.Zip(other).Where(pair => pair.First.Refusal is null))
            {
                Line($"<tr><td>{Rate(point)}</td><td>{moved.Threshold:0.0000}</td><td>{Math.Round((double)moved.Threshold - point.Threshold, 4):+0.0000;−0.0000;0}</td><td>{moved.TrueAcceptRate:P1}</td><td>{Math.Round((moved.TrueAcceptRate - point.TrueAcceptRate) * 100, 1):+0.0;−0.0;0} points</td></tr>");
            }

            Line($"</table></div>");
        }

        if (result.Suspects.Count > 0)
        {
            Line($"<h3>Who is accepted as whom</h3>");
            Line($"<p>The pairs of persons behind most false accepts at the strictest threshold above. Nearly all pairs of two labels among them is what one person under two labels looks like: look at the photos, and add a line <code>same person?,label,label,cosine</code> to suspects.csv where it is so (above 0.75 the labels are merged, below left out by <code>--exclude-suspects</code>).</p>");
            Line($"<div class=\"scroll\"><table><tr><th class=\"word\">label</th><th class=\"word\">label</th><th>accepted pairs</th><th>of</th><th>highest cosine</th><th class=\"word\">photos of that pair</th><th class=\"word\">doubted</th></tr>");
            foreach (var pair in result.Suspects)
            {
                Line($"<tr><td class=\"word\">{ReportPage.Escape(pair.First)}</td><td class=\"word\">{ReportPage.Escape(pair.Second)}</td><td>{pair.Pairs}</td><td>{pair.OfPairs}</td><td>{pair.Highest:0.000}</td><td class=\"word\">{ReportPage.Escape(pair.FirstPhoto)}, {ReportPage.Escape(pair.SecondPhoto)}</td><td class=\"word\">{(pair.Listed ? "yes" : "no")}</td></tr>");
            }

            Line($"</table></div>");
        }

        Line($"<p class=\"soft\">{scores.Genuine.Count:N0} genuine pairs, {scores.ImpostorPairs:N0} impostor pairs, {result.Persons:N0} persons.</p>");
        return html.ToString();

        void Line(FormattableString line) => html.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Roc(CalibrationResult result, ScoreCurve curve)
    {
        var chart = new AxisChart("ROC", FalseAccepts(result), new ChartAxis("true accept rate", 0, 1, Percent: true));
        chart.Add(new ChartSeries(result.Encoder, [.. Curve(result, curve).Select(row => (row.FalseAcceptRate, row.TrueAcceptRate))]));
        foreach (var point in result.Reliable)
        {
            chart.AddSpan(point.FalseAcceptRate, point.TrueAcceptInterval.Low, point.TrueAcceptInterval.High, colour: 0);
            chart.Add(new ChartMark(point.FalseAcceptRate, string.Create(CultureInfo.InvariantCulture, $"τ {point.Threshold:0.000}")));
        }

        return chart.ToSvg();
    }

    private static string Det(CalibrationResult result, ScoreCurve curve)
    {
        var rows = Curve(result, curve).Select(row => (row.FalseAcceptRate, Reject: 1 - row.TrueAcceptRate)).Where(row => row.Reject > 0).ToList();
        var lowest = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1e-4, rows.Select(row => row.Reject).DefaultIfEmpty(0.1).Min()))));
        var chart = new AxisChart("DET", FalseAccepts(result), new ChartAxis("false reject rate", lowest, 1, AxisScale.Logarithmic, Percent: true));
        chart.Add(new ChartSeries(result.Encoder, rows));
        chart.Add(new ChartSeries("equal errors", [.. Enumerable.Range(0, 50).Select(i => Math.Pow(10, -i / 8.0)).Where(rate => rate >= lowest).Select(rate => (rate, rate)).Reverse()]), dashed: true);
        foreach (var point in result.Reliable)
        {
            chart.Add(new ChartMark(point.FalseAcceptRate, string.Create(CultureInfo.InvariantCulture, $"τ {point.Threshold:0.000}")));
        }

        return chart.ToSvg();
    }

    private static string Histograms(CalibrationResult result)
    {
        var (genuine, impostors) = (result.Scores.GenuineHistogram.ShareFrom(), result.Scores.ImpostorHistogram.ShareFrom());
        var bars = new[] { Bars("pairs of two persons", impostors), Bars("pairs of one person", genuine) };
        var highest = bars.Max(b => b.Bars.Max(bar => bar.Height));
        var from = bars.Min(b => b.Bars.Where(bar => bar.Height > 1e-5).Select(bar => bar.From).DefaultIfEmpty(-1).Min());
        var chart = new AxisChart(
            "Similarities", new ChartAxis("similarity (cosine)", Math.Floor(from * 10) / 10, 1), new ChartAxis("share of the pairs of its kind", 0, Math.Ceiling(highest * 50) / 50, Percent: true));
        foreach (var kind in bars)
        {
            chart.Add(kind);
        }

        foreach (var point in result.Reliable)
        {
            chart.Add(new ChartMark(point.Threshold, $"FAR {Rate(point)}"));
        }

        return chart.ToSvg();

        static ChartBars Bars(string name, double[] shares)
        {
            const int step = ScoreHistogram.Bins / HistogramBars;
            return new ChartBars(name, [.. Enumerable.Range(0, HistogramBars)
                .Select(i => (ScoreHistogram.Edge(i * step), ScoreHistogram.Edge((i + 1) * step), shares[i * step] - shares[(i + 1) * step]))]);
        }
    }

    private static ChartAxis FalseAccepts(CalibrationResult result) => new(
        "false accept rate", Math.Pow(10, Math.Max(-7, -Math.Floor(Math.Log10(result.Scores.ImpostorPairs)))), 1, AxisScale.Logarithmic);

    /// <summary>The curve as far as the false accept rate is above 0, by rising false accept rate.</summary>
    private static IEnumerable<(double FalseAcceptRate, double TrueAcceptRate)> Curve(CalibrationResult result, ScoreCurve curve) =>
        curve.Rows().Where(row => row.FalseAcceptRate >= 1.0 / result.Scores.ImpostorPairs).Reverse().Select(row => (row.FalseAcceptRate, row.TrueAcceptRate));

    private static string Rate(OperatingPoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.FalseAcceptRate:0e0}");

    private static string Cosines(CalibrationInterval interval) => string.Create(CultureInfo.InvariantCulture, $"{interval.Low:0.000} to {interval.High:0.000}");

    private static string Shares(CalibrationInterval interval) => string.Create(CultureInfo.InvariantCulture, $"{interval.Low * 100:0.0} to {interval.High * 100:0.0} %");
}
