using System.Globalization;
using System.Xml.Linq;
using FaceCloud.Trainer.Charts;

namespace FaceCloud.Trainer.Tests.Charts;

public sealed class AxisChartTests
{
    private static readonly ChartAxis Rates = new("false accept rate", 1e-4, 1, AxisScale.Logarithmic);
    private static readonly ChartAxis Shares = new("share", 0, 1, Percent: true);

    [Theory]
    [InlineData(1e-4, 0)]
    [InlineData(1e-2, 0.5)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(5, 1)]
    public void Place_LogarithmicAxis_PowersOfTenAtEqualDistances(double value, double place) => Assert.Equal(place, Rates.Place(value), 1e-12);

    [Fact]
    public void ToSvg_LinesBarsAndMarks_StayInsideThePicture()
    {
        var picture = XDocument.Parse(new AxisChart("a < b & c", Rates, Shares)
            .Add(new ChartSeries("curve", [(0, 0), (1e-3, 0.5), (1, 1.5)]), dots: true)
            .Add(new ChartSeries("ideal", [(1e-4, 0), (1, 1)]), dashed: true)
            .Add(new ChartBars("bars", [(1e-3, 1e-2, 0.25), (1e-2, 1e-1, 0)]))
            .Add(new ChartMark(1e-3, "τ 0.5"))
            .AddSpan(1e-3, 0.4, 0.6, colour: 0)
            .ToSvg()).Root!;

        var points = picture.Elements().Where(e => e.Name.LocalName == "polyline").SelectMany(l => l.Attribute("points")!.Value.Split(' '))
            .Select(p => p.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Equal(5, points.Count);
        Assert.All(points, p => Assert.True(p[0] is >= 76 and <= 736 && p[1] is >= 66 and <= 368, $"{p[0]},{p[1]}"));
        Assert.Equal(3, picture.Elements().Count(e => e.Name.LocalName == "circle"));
        Assert.Single(picture.Elements(), e => e.Name.LocalName == "rect" && e.Attribute("fill-opacity") is not null);
        Assert.Contains(picture.Elements(), e => e.Value == "a < b & c");
        Assert.Contains(picture.Elements(), e => e.Value == "τ 0.5");
        Assert.Contains(picture.Elements(), e => e.Value == "1e-3");
        Assert.Contains(picture.Elements(), e => e.Value == "20 %");
    }

    [Fact]
    public void ToSvg_PlacesThatAreNoNumbers_AreLeftOut()
    {
        var svg = new AxisChart("gaps", Rates, Shares).Add(new ChartSeries("line", [(0.1, double.NaN), (1, 1)])).ToSvg();

        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_DarkReaders_HaveTheirOwnColours()
    {
        var svg = new AxisChart("both", Rates, Shares).ToSvg();

        Assert.Contains("prefers-color-scheme:dark", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("http", svg.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
