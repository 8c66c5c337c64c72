using System.CommandLine;
using FaceCloud.Trainer.Charts;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>chart</c>: one column of several runs in one picture.</summary>
public static class ChartCommand
{
    public static Command Create()
    {
        var output = new Argument<string>("output") { Description = "SVG file to write." };
        var runs = new Argument<string[]>("runs") { Description = "Folders of runs; a folder's name becomes the line's.", Arity = ArgumentArity.OneOrMore };
        var file = new Option<string>("--file") { Description = "metrics.csv (losses) or scores.csv (pairs).", DefaultValueFactory = _ => "metrics.csv" };
        var column = new Option<string>("--column") { Description = "Column to draw.", DefaultValueFactory = _ => "active_share" };
        var title = new Option<string?>("--title") { Description = "Title of the picture. [default: the column]" };
        var command = new Command("chart", "Draws a column of one or more runs as SVG.") { output, runs, file, column, title };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var name = parsed.GetValue(column)!;
            var series = parsed.GetValue(runs)!
                .Select(run => MetricColumn.Read(Path.Combine(run, parsed.GetValue(file)!), name, Path.GetFileName(Path.TrimEndingDirectorySeparator(run))))
                .ToList();
            await File.WriteAllTextAsync(parsed.GetValue(output)!, LineChart.ToSvg(parsed.GetValue(title) ?? name, "step", series), cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }
}
