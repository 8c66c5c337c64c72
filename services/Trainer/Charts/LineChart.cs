using System.Globalization;
using System.Security;
using System.Text;

namespace FaceCloud.Trainer.Charts;

/// <summary>Lines over a common axis, as SVG: a picture that needs no library and reads well in a pull request.</summary>
public static class LineChart
{
    private const int Width = 760;
    private const int Height = 400;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 40;
    private const int Bottom = 50;

    // Colours that stay apart for colour-blind eyes (Okabe and Ito 2008).
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    public static string ToSvg(string title, string horizontal, IReadOnlyList<ChartSeries> series)
    {
        var points = series.SelectMany(s => s.Points).Where(p => double.IsFinite(p.Y)).ToList();
        var (low, high) = points.Count == 0 ? (0.0, 1.0) : (points.Min(p => p.Y), points.Max(p => p.Y));
        var (first, last) = points.Count == 0 ? (0.0, 1.0) : (points.Min(p => p.X), points.Max(p => p.X));
        (low, high) = high > low ? (low, high) : (low - 0.5, high + 0.5);
        last = last > first ? last : first + 1;
        var step = Step(high - low);
        (low, high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);

        var svg = new StringBuilder();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>");
        Line($"<text x=\"{Left}\" y=\"20\" font-size=\"15\">{SecurityElement.Escape(title)}</text>");
        for (var i = 0; low + (i * step) <= high + (step / 2); i++)
        {
            var value = low + (i * step);
            Line($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\" stroke=\"#dddddd\"/>");
            Line($"<text x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{value:0.####}</text>");
        }

        var across = Step(last - first);
        for (var value = Math.Ceiling(first / across) * across; value <= last + (across / 1000); value += across)
        {
            Line($"<text x=\"{X(value):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{value:0.####}</text>");
        }

        Line($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">{SecurityElement.Escape(horizontal)}</text>");
        for (var i = 0; i < series.Count; i++)
        {
            var colour = Colours[i % Colours.Length];
            var path = string.Join(' ', series[i].Points.Where(p => double.IsFinite(p.Y)).Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):F1},{Y(p.Y):F1}")));
            Line($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" points=\"{path}\"/>");
            Line($"<rect x=\"{Left + (i * 150)}\" y=\"27\" width=\"14\" height=\"4\" fill=\"{colour}\"/>");
            Line($"<text x=\"{Left + 20 + (i * 150)}\" y=\"33\">{SecurityElement.Escape(series[i].Name)}</text>");
        }

        svg.Append("</svg>\n");
        return svg.ToString();

        double X(double value) => Left + ((value - first) / (last - first) * (Width - Left - Right));

        double Y(double value) => Height - Bottom - ((value - low) / (high - low) * (Height - Top - Bottom));

        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>A round distance (1, 2 or 5 times a power of ten) that parts the range into four to ten.</summary>
    internal static double Step(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / 4)));
        var share = range / 4 / power;
        return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
    }
}
