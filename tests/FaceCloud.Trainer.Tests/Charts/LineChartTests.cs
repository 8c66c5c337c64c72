using System.Globalization;
using System.Xml.Linq;
using FaceCloud.Trainer.Charts;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Charts;

public sealed class LineChartTests
{
    [Fact]
    public void ToSvg_TwoLines_StayInsideThePicture()
    {
        var svg = LineChart.ToSvg("a < b & c", "step", [
            new("first", [(0, 0.25), (50, 0.5), (100, 0.125)]),
            new("second", [(0, -3), (100, 7)]),
        ]);

        var picture = XDocument.Parse(svg).Root!;
        var lines = picture.Elements().Where(e => e.Name.LocalName == "polyline").ToList();
        Assert.Equal(2, lines.Count);
        var points = lines.SelectMany(l => l.Attribute("points")!.Value.Split(' ')).Select(p => p.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Equal(5, points.Count);
        Assert.All(points, p => Assert.True(p[0] is >= 70 and <= 740 && p[1] is >= 40 and <= 350, $"{p[0]},{p[1]}"));
        Assert.Contains(picture.Elements(), e => e.Value == "a < b & c");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ToSvg_NothingOrOnePoint_IsStillAPicture(int count)
    {
        var svg = LineChart.ToSvg("empty", "step", [new("line", [.. Enumerable.Repeat((5.0, 0.5), count)])]);

        Assert.Single(XDocument.Parse(svg).Descendants(), e => e.Name.LocalName == "polyline");
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownColumn_NamesTheKnownOnes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["metrics.csv"], "step,loss\n50,0.25\n100,0.125\n");

        var series = MetricColumn.Read(folder["metrics.csv"], "loss", "run");
        var failure = Assert.Throws<TrainerException>(() => MetricColumn.Read(folder["metrics.csv"], "accuracy", "run"));

        Assert.Equal([(50, 0.25), (100, 0.125)], series.Points);
        Assert.Contains("step, loss", failure.Message, StringComparison.Ordinal);
    }
}
