using System.Globalization;
using System.Security;
using System.Text;

namespace FaceCloud.Trainer.Charts;

/// <summary>
/// Lines, bars and marks over two axes, linear or logarithmic, as SVG. Like <see cref="LineChart"/> it needs no library; it follows the reader's
/// light or dark setting, alone or inside a page.
/// </summary>
public sealed class AxisChart(string title, ChartAxis horizontal, ChartAxis vertical)
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 76;
    private const int Right = 24;
    private const int Top = 66;
    private const int Bottom = 52;
    private const int MarkGap = 62;
    private const string Reference = "fc-soft-line";

    // Okabe and Ito 2008, as in LineChart: colours that stay apart for colour-blind eyes; lighter ones on a dark page.
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
    private static readonly string[] ColoursInTheDark = ["#4aa8e0", "#f08a45", "#2cc79c", "#dc9cc0", "#e6b045", "#8accf0"];

    private static readonly string Style =
        "<style>" + Coloured(Colours) + ".fc-paper{fill:#ffffff}.fc-ink{fill:#222222}.fc-soft{fill:#666666}.fc-grid{stroke:#dddddd}.fc-fine{stroke:#eeeeee}.fc-rule{stroke:#666666}.fc-soft-line{color:#888888}"
        + "@media (prefers-color-scheme:dark){" + Coloured(ColoursInTheDark) + ".fc-paper{fill:#16181c}.fc-ink{fill:#e8e8e8}.fc-soft{fill:#a8a8a8}.fc-grid{stroke:#3a3d44}.fc-fine{stroke:#24262b}.fc-rule{stroke:#a8a8a8}}</style>";

    private readonly List<(string Name, string Colour)> _legend = [];
    private readonly StringBuilder _bars = new();
    private readonly StringBuilder _lines = new();
    private readonly List<ChartMark> _marks = [];

    /// <summary>A line; places where it is NaN are left out.</summary>
    /// <param name="series">By rising X.</param>
    /// <param name="dots">Also a dot at each point.</param>
    /// <param name="dashed">Marks it as a reference rather than a measurement.</param>
    public AxisChart Add(ChartSeries series, bool dots = false, bool dashed = false)
    {
        var colour = dashed ? Reference : NextColour();
        _legend.Add((series.Name, colour));
        var points = series.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).Select(p => (X: X(p.X), Y: Y(p.Y))).ToList();
        var path = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:F1},{p.Y:F1}")));
        Line(_lines, $"<polyline class=\"{colour}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{(dashed ? 1.2 : 1.9)}\"{(dashed ? " stroke-dasharray=\"5 4\"" : "")} points=\"{path}\"/>");
        foreach (var point in dots ? points : [])
        {
            Line(_lines, $"<circle cx=\"{point.X:F1}\" cy=\"{point.Y:F1}\" r=\"3.2\" class=\"{colour}\" fill=\"currentColor\"/>");
        }

        return this;
    }

    public AxisChart Add(ChartBars bars)
    {
        var colour = NextColour();
        _legend.Add((bars.Name, colour));
        foreach (var (from, to, height) in bars.Bars.Where(bar => bar.Height > vertical.Low))
        {
            Line(_bars, $"<rect x=\"{X(from):F1}\" y=\"{Y(height):F1}\" width=\"{X(to) - X(from):F1}\" height=\"{Y(vertical.Low) - Y(height):F1}\" class=\"{colour}\" fill=\"currentColor\" fill-opacity=\"0.55\" shape-rendering=\"crispEdges\"/>");
        }

        return this;
    }

    /// <summary>A vertical span with a bar at both ends: where a point may lie.</summary>
    public AxisChart AddSpan(double at, double low, double high, int colour)
    {
        foreach (var (x1, y1, x2, y2) in new[] { (X(at), Y(low), X(at), Y(high)), (X(at) - 4, Y(low), X(at) + 4, Y(low)), (X(at) - 4, Y(high), X(at) + 4, Y(high)) })
        {
            Line(_lines, $"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" class=\"fc-c{colour % Colours.Length}\" stroke=\"currentColor\" stroke-width=\"1.3\"/>");
        }

        return this;
    }

    public AxisChart Add(ChartMark mark)
    {
        _marks.Add(mark);
        return this;
    }

    public string ToSvg()
    {
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"{SecurityElement.Escape(title)}\">");
        svg.Append(Style).Append('\n');
        Line(svg, $"<rect class=\"fc-paper\" width=\"{Width}\" height=\"{Height}\"/>");
        Line(svg, $"<text class=\"fc-ink\" x=\"{Left}\" y=\"20\" font-size=\"15\">{SecurityElement.Escape(title)}</text>");
        var legend = Left;
        foreach (var (name, colour) in _legend)
        {
            Line(svg, $"<rect x=\"{legend}\" y=\"30\" width=\"14\" height=\"4\" class=\"{colour}\" fill=\"currentColor\"/>");
            Line(svg, $"<text class=\"fc-ink\" x=\"{legend + 19}\" y=\"36\">{SecurityElement.Escape(name)}</text>");
            legend += 36 + (int)(name.Length * 6.6);
        }

        foreach (var (value, labelled) in Ticks(vertical))
        {
            Line(svg, $"<line class=\"{(labelled ? "fc-grid" : "fc-fine")}\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\"/>");
            if (labelled)
            {
                Line(svg, $"<text class=\"fc-soft\" x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{Label(value, vertical)}</text>");
            }
        }

        foreach (var (value, labelled) in Ticks(horizontal))
        {
            Line(svg, $"<line class=\"{(labelled ? "fc-grid" : "fc-fine")}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" x1=\"{X(value):F1}\" x2=\"{X(value):F1}\"/>");
            if (labelled)
            {
                Line(svg, $"<text class=\"fc-soft\" x=\"{X(value):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{Label(value, horizontal)}</text>");
            }
        }

        Line(svg, $"<text class=\"fc-ink\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">{SecurityElement.Escape(horizontal.Title)}</text>");
        Line(svg, $"<text class=\"fc-ink\" transform=\"translate(16 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{SecurityElement.Escape(vertical.Title)}</text>");
        svg.Append(_bars);
        var (last, high) = (double.NegativeInfinity, false);
        foreach (var mark in _marks.OrderBy(mark => mark.At))
        {
            // Words that would run into each other go up and down in turn.
            high = X(mark.At) - last < MarkGap && !high;
            last = X(mark.At);
            Line(svg, $"<line class=\"fc-rule\" stroke-dasharray=\"3 3\" x1=\"{last:F1}\" x2=\"{last:F1}\" y1=\"{Top - 2}\" y2=\"{Height - Bottom}\"/>");
            Line(svg, $"<text class=\"fc-soft\" x=\"{last:F1}\" y=\"{Top - (high ? 17 : 5)}\" text-anchor=\"middle\" font-size=\"11\">{SecurityElement.Escape(mark.Text)}</text>");
        }

        svg.Append(_lines).Append("</svg>\n");
        return svg.ToString();
    }

    private string NextColour() => $"fc-c{_legend.Count(entry => entry.Colour != Reference) % Colours.Length}";

    private static string Coloured(string[] colours) => string.Concat(colours.Select((colour, i) => $".fc-c{i}{{color:{colour}}}"));

    private double X(double value) => Left + (horizontal.Place(value) * (Width - Left - Right));

    private double Y(double value) => Height - Bottom - (vertical.Place(value) * (Height - Top - Bottom));

    /// <summary>Round values along the axis; on a logarithmic one also 2 to 9 times each power, without a word.</summary>
    private static IEnumerable<(double Value, bool Labelled)> Ticks(ChartAxis axis)
    {
        if (axis.Scale == AxisScale.Linear)
        {
            var step = LineChart.Step(axis.High - axis.Low);
            for (var i = Math.Ceiling((axis.Low / step) - 1e-9); i * step <= axis.High + (step / 1000); i++)
            {
                yield return (i * step, true);
            }

            yield break;
        }

        for (var power = Math.Floor(Math.Log10(axis.Low) + 1e-9); power <= Math.Log10(axis.High) + 1e-9; power++)
        {
            for (var digit = 1; digit < 10; digit++)
            {
                var value = digit * Math.Pow(10, power);
                if (value >= axis.Low * 0.999 && value <= axis.High * 1.001)
                {
                    yield return (value, digit == 1);
                }
            }
        }
    }

    private static string Label(double value, ChartAxis axis) => axis switch
    {
        { Percent: true } => string.Create(CultureInfo.InvariantCulture, $"{(Math.Abs(value) < 1e-12 ? 0 : value * 100):0.####} %"),
        { Scale: AxisScale.Logarithmic } when value < 0.1 => string.Create(CultureInfo.InvariantCulture, $"{value:0e0}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(Math.Abs(value) < 1e-12 ? 0 : value):0.####}"),
    };

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
