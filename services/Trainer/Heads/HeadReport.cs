using System.Globalization;
using System.Text;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Charts;

namespace FaceCloud.Trainer.Heads;

/// <summary>The heads compared, as page, picture and table.</summary>
public static class HeadReport
{
    /// <summary>Writes reliability.svg, heads.csv and the page's section.</summary>
    public static void Write(string folder, string encoder, string data, IReadOnlyList<TestedHead> tested, TestedHead chosen)
    {
        Directory.CreateDirectory(folder);
        var reliability = Reliability(tested, chosen);
        File.WriteAllText(Path.Combine(folder, "reliability.svg"), reliability);
        File.WriteAllText(Path.Combine(folder, "heads.csv"), Csv(tested));
        ReportPage.Write(folder, "heads", Section(encoder, data, tested, chosen, reliability));
    }

    private static string Section(string encoder, string data, IReadOnlyList<TestedHead> tested, TestedHead chosen, string reliability)
    {
        var html = new StringBuilder();
        Line($"<h2>Probabilities of {ReportPage.Escape(encoder)}</h2>");
        Line($"<p>σ(Σ w·φ + b) on the cosine, |Δ|, Δ² and χ² of two embeddings. {ReportPage.Escape(data)}. Pairs of one person and of two weigh the same: the probabilities are for the prior 0.5. Every head is tested on persons it was not fitted on. Kept: <b>{chosen.Name}</b>, fitted on {chosen.FittedOn}.</p>");
        Line($"<div class=\"scroll\"><table><tr><th class=\"word\">head</th><th class=\"word\">fitted on</th><th>accuracy</th><th>log loss</th><th>against cosine, 95 %</th><th>ECE</th><th>AUC</th><th>TAR at 1e-2</th><th>TAR at 1e-3</th></tr>");
        foreach (var head in tested)
        {
            var against = double.IsNaN(head.LossAgainstReference.Low) || head is { Kind: VerifierHeadKind.Cosine, Fitting: HeadFitting.HeldOut }
                ? "–"
                : $"{Signed(head.LossAgainstReference.Low)} to {Signed(head.LossAgainstReference.High)}";
            Line($"<tr{(head == chosen ? " class=\"chosen\"" : "")}><td class=\"word\">{head.Name}</td><td class=\"word\">{Short(head.Fitting)}</td><td>{Share(head, 0)}</td><td>{Number(head, 1, "0.000")}</td><td>{against}</td><td>{Number(head, 2, "0.000")}</td><td>{Number(head, 3, "0.000")}</td><td>{Share(head, 4)}</td><td>{Share(head, 5)}</td></tr>");
        }

        Line($"</table></div><p class=\"soft\">In small: 95 % over resampled persons. Log loss in nats, a coin has 0.693. ECE: mean distance of probability and share in 15 bins. Raw threshold: the cosine that is most often right on the other half. Fitted on persons the encoder was trained on, on persons held out, or rescaled: weights from the former, one factor and the bias from the latter.</p>");
        html.Append(reliability);
        return html.ToString();

        void Line(FormattableString line) => html.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Reliability(IReadOnlyList<TestedHead> tested, TestedHead chosen)
    {
        var chart = new AxisChart(
            "Reliability on persons not fitted on (prior 0.5)",
            new ChartAxis("probability given", 0, 1),
            new ChartAxis("share that is one person", 0, 1));
        chart.Add(new ChartSeries("ideal", [(0, 0), (1, 1)]), dashed: true);

        // Of each kind the better way to fit, and the plain cosine both ways: whether persons trained on mislead.
        var drawn = tested
            .Where(head => head.Kind is not null)
            .GroupBy(head => head.Kind)
            .SelectMany(kind => kind.Key == VerifierHeadKind.Cosine ? kind : kind.OrderBy(head => head == chosen ? 0 : 1).ThenBy(head => head.Scores.LogLoss).Take(1));
        foreach (var head in drawn)
        {
            chart.Add(new ChartSeries($"{head.Name}, {Short(head.Fitting)}", [.. head.Reliability.Select(bin => (bin.Given, bin.Seen))]), dots: true);
        }

        return chart.ToSvg();
    }

    private static string Csv(IReadOnlyList<TestedHead> tested)
    {
        var csv = new StringBuilder("head,fitted_on,accuracy,accuracy_low,accuracy_high,log_loss,log_loss_low,log_loss_high,ece,ece_low,ece_high,auc,auc_low,auc_high,tar_1e-2,tar_1e-2_low,tar_1e-2_high,tar_1e-3,tar_1e-3_low,tar_1e-3_high\n");
        foreach (var head in tested)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{head.Kind?.ToString() ?? "RawThreshold"},{head.Fitting}");
            foreach (var (value, interval) in head.Scores.Values.Zip(head.Intervals))
            {
                csv.Append(CultureInfo.InvariantCulture, $",{value:0.#####},{interval.Low:0.#####},{interval.High:0.#####}");
            }

            csv.Append('\n');
        }

        return csv.ToString();
    }

    private static string Short(HeadFitting fitting) => fitting switch
    {
        HeadFitting.Trained => "trained",
        HeadFitting.HeldOut => "held out",
        _ => "rescaled",
    };

    // Rounded first: a format alone writes the sign of what it rounds to 0.
    private static string Signed(double value) => Math.Round(value, 3).ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture);

    private static string Share(TestedHead head, int value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{head.Scores.Values[value] * 100:0.0} %<br><small class=\"soft\">{head.Intervals[value].Low * 100:0.0}–{head.Intervals[value].High * 100:0.0}</small>");

    private static string Number(TestedHead head, int value, string format) => double.IsNaN(head.Scores.Values[value])
        ? "–"
        : $"{head.Scores.Values[value].ToString(format, CultureInfo.InvariantCulture)}<br><small class=\"soft\">{head.Intervals[value].Low.ToString(format, CultureInfo.InvariantCulture)}–{head.Intervals[value].High.ToString(format, CultureInfo.InvariantCulture)}</small>";
}
