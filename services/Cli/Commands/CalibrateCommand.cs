using System.CommandLine;
using System.Globalization;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;
using Calibration = FaceCloud.Protos.Gallery.V1.Calibration;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud calibrate GALLERY</c>, <c>calibrate show GALLERY</c>, <c>calibrate rollback GALLERY</c></summary>
internal static class CalibrateCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = CommonOptions.Id("gallery");
        var rates = Rates();
        var inactive = new Option<bool>("--inactive") { Description = "Store it, but go on deciding as before" };
        var dry = new Option<bool>("--dry-run") { Description = "Measure only; nothing is stored" };
        var command = new Command("calibrate", "Compares a gallery's faces with each other, and takes its thresholds from that")
        {
            id, rates, inactive, dry, Show(runner), Rollback(runner),
        };
        runner.SetAction(command, async (parsed, client, cancellationToken) => Run(await client.CalibrateGalleryAsync(
            parsed.GetRequiredValue(id),
            new CalibrateOptions { FalseAcceptRates = parsed.GetValue(rates) ?? [], KeepInactive = parsed.GetValue(inactive), DryRun = parsed.GetValue(dry) },
            cancellationToken)));
        return command;
    }

    private static Command Show(CommandRunner runner)
    {
        var id = CommonOptions.Id("gallery");
        var version = new Option<int?>("--details") { Description = "This version with all its rates; else a list of all", HelpName = "n" };
        var command = new Command("show", "Calibrations of a gallery, newest first, and which decides") { id, version };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var list = await client.ListCalibrationsAsync(parsed.GetRequiredValue(id), cancellationToken);
            if (parsed.GetValue(version) is not { } wanted)
            {
                return List(list);
            }

            var one = list.Calibrations.FirstOrDefault(calibration => calibration.Version == wanted)
                ?? throw new InputException(Reasons.CalibrationNotFound, $"The gallery has no calibration {wanted}; 'calibrate show' lists those it has.");
            return new CommandResult(ExitCode.Success, new { Calibration = Documents.Calibration(one) }, console => Write(console, one));
        });
        return command;
    }

    private static Command Rollback(CommandRunner runner)
    {
        var id = CommonOptions.Id("gallery");
        var to = new Option<int?>("--to") { Description = "This version; 0: none, the model's calibration decides. Default: the one before", HelpName = "n" };
        var command = new Command("rollback", "Goes back to an earlier calibration") { id, to };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
            List(await client.RollbackCalibrationAsync(parsed.GetRequiredValue(id), parsed.GetValue(to), cancellationToken)));
        return command;
    }

    private static CommandResult Run(CalibrateGalleryResponse answer)
    {
        var document = new
        {
            Calibration = Documents.Calibration(answer.Calibration),
            VerifyThreshold = Documents.Threshold(answer.VerifyThreshold),
            IdentifyThreshold = Documents.Threshold(answer.IdentifyThreshold),
            IdentifyThresholdOfModel = Documents.Threshold(answer.IdentifyThresholdOfModel),
        };
        return new CommandResult(ExitCode.Success, document, console =>
        {
            Write(console, answer.Calibration);
            console.WriteLine();
            var table = Terminal.Table(console, "what", "threshold");
            Terminal.Row(table, "verify", Words.Threshold(answer.VerifyThreshold));
            Terminal.Row(table, "identify", Words.Threshold(answer.IdentifyThreshold));
            Terminal.Row(table, "identify by the model", Words.Threshold(answer.IdentifyThresholdOfModel));
            console.Write(table);
        });
    }

    private static CommandResult List(ListCalibrationsResponse list)
    {
        var document = new { list.ActiveVersion, Calibrations = list.Calibrations.Select(Documents.Calibration).ToArray() };
        return new CommandResult(ExitCode.Success, document, console =>
        {
            var table = Terminal.Table(console, "version", "state", "scoring", "persons", "faces", "comparisons", "strictest rate", "threshold", "95 %", "head", "model", "since");
            foreach (var calibration in list.Calibrations)
            {
                var strictest = calibration.Rates.LastOrDefault(rate => rate.Refusal.Length == 0);
                Terminal.Row(
                    table,
                    $"{calibration.Version}",
                    Words.Of(calibration.State),
                    Words.Of(calibration.Scoring),
                    $"{calibration.Persons}",
                    $"{calibration.Faces}",
                    $"{calibration.ImpostorComparisons}",
                    strictest is null ? "" : Rate(strictest.FalseAcceptRate),
                    strictest is null ? "" : Words.Number(strictest.Threshold),
                    Interval(strictest?.ThresholdInterval, Words.Number),
                    calibration.HasHead ? "yes" : "no",
                    calibration.EmbeddingContract,
                    Words.Time(calibration.CreatedAt));
            }

            console.Write(table);
            console.WriteLine(list.ActiveVersion > 0 ? $"Version {list.ActiveVersion} decides." : "The model's calibration decides.");
        });
    }

    private static void Write(IAnsiConsole console, Calibration calibration)
    {
        var version = calibration.Version > 0 ? $"Version {calibration.Version}, {Words.Of(calibration.State)}" : "Not stored";
        console.WriteLine($"{version}: {calibration.Persons} of {calibration.PersonsOfGallery} persons, {calibration.Faces} faces, {calibration.GenuineComparisons} comparisons of a person with themselves, {calibration.ImpostorComparisons} of two.");
        var table = Terminal.Table(console, "false accept rate", "threshold", "95 %", "own photos accepted", "95 %", "false accepts", "pairs of persons", "refused");
        foreach (var rate in calibration.Rates)
        {
            var reliable = rate.Refusal.Length == 0;
            Terminal.Row(
                table,
                Rate(rate.FalseAcceptRate),
                reliable ? Words.Number(rate.Threshold) : "",
                reliable ? Interval(rate.ThresholdInterval, Words.Number) : "",
                reliable && rate.HasTrueAcceptRate ? Share(rate.TrueAcceptRate) : "",
                reliable ? Interval(rate.TrueAcceptInterval, Share) : "",
                $"{rate.FalseAccepts}",
                $"{rate.PersonPairs}",
                rate.Refusal);
        }

        console.Write(table);
        console.WriteLine(calibration.HeadNote);
    }

    private static string Rate(double rate) => rate.ToString("0.######E+0", CultureInfo.InvariantCulture);

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    private static string Interval(Interval? interval, Func<double, string> text) => interval is null ? "" : $"{text(interval.Low)} to {text(interval.High)}";

    private static Option<double[]?> Rates() => new("--rate")
    {
        Description = "A rate of interest besides the usual ones; may be given several times",
        HelpName = "rate",
        CustomParser = result =>
        {
            var rates = new List<double>();
            foreach (var token in result.Tokens)
            {
                if (!double.TryParse(token.Value, CultureInfo.InvariantCulture, out var rate) || !(rate is > 0 and < 1))
                {
                    result.AddError($"'{token.Value}' does not fit --rate: give a rate between 0 and 1, such as 0.001.");
                    return null;
                }

                rates.Add(rate);
            }

            return [.. rates];
        },
    };
}
