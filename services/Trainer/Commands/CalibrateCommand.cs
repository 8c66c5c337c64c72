using System.CommandLine;
using System.Globalization;
using FaceCloud.Inference.Fitting;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>calibrate</c>: thresholds at false accept rates, measured on labelled photos.</summary>
public static class CalibrateCommand
{
    private const int SuspectsNamed = 30;

    public static Command Create()
    {
        var encoder = new EncoderOptions();
        var data = DataOptions.Data();
        var cache = DataOptions.Cache();
        var models = DataOptions.Models();
        var pairs = new Option<string?>("--pairs") { Description = "CSV a,b,same: only these pairs. [default: every pair of photos of the persons held out]" };
        var exclude = new Option<bool>("--exclude-suspects") { Description = "Leaves out the photos and pairs of labels that suspects.csv in the data folder doubts." };
        var resamples = new Option<int>("--resamples") { Description = "Resamples of persons for the intervals.", DefaultValueFactory = _ => 1000 }.AtLeast(100);
        var command = new Command("calibrate", "Measures the thresholds for given false accept rates and writes them into a manifest.") { data, cache, models, pairs, exclude, resamples };
        encoder.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var (photoEncoder, entry) = encoder.Open(parsed);
            using (photoEncoder)
            {
                var folder = parsed.GetValue(data)!;
                using var finder = DataOptions.Finder(parsed.GetValue(models));
                var source = DataOptions.Open(folder, finder, error);
                using var pixels = DataOptions.OpenPixels(source, parsed.GetValue(cache)!, error, cancellationToken);
                var listed = parsed.GetValue(pairs) is { } path ? VerificationPairs.Load(path, source) : null;
                var photos = LabelledPhotos.HeldOut(source, pixels.Damaged, parsed.GetValue(encoder.Everyone) || listed is not null);
                if (listed is not null)
                {
                    var rows = listed.Rows.ToHashSet();
                    photos = photos.Where(i => rows.Contains(photos.Rows[i]));
                }

                var faces = await LabelledEmbeddings.ComputeAsync(photoEncoder, photos, pixels, error.WriteLine, cancellationToken).ConfigureAwait(false);
                var suspects = new SuspectedLabels(folder, source);
                var without = parsed.GetValue(exclude);
                if (without && !suspects.Any)
                {
                    throw new TrainerException($"--exclude-suspects needs a suspects.csv (kind,a,b,cos) in {folder}; there is none, or it doubts nothing.");
                }

                var bootstrap = new PersonBootstrap(parsed.GetValue(resamples), parsed.GetValue(encoder.Seed));
                var scores = Score(without);
                var points = ThresholdTable.Measure(scores.ToComparisons(), ThresholdTable.Decades, bootstrap, cancellationToken);
                var result = new CalibrationResult
                {
                    Encoder = photoEncoder.EmbeddingContract ?? photoEncoder.Name,
                    Data = $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}{(listed is null ? ", all pairs" : ", listed pairs")}",
                    Scores = scores,
                    Points = points,
                    OtherWay = suspects.Any ? ThresholdTable.Measure(Score(!without).ToComparisons(), ThresholdTable.Decades, bootstrap, cancellationToken) : null,
                    WithoutSuspects = without,
                    Suspects = points.LastOrDefault(point => point.Refusal is null) is { } strictest ? SuspectPair.Top(scores, strictest.Threshold, suspects, SuspectsNamed) : [],
                    Resamples = bootstrap.Resamples,
                };
                Print(output, result);
                var unwritten = encoder.WriteReport(parsed, report => CalibrationReport.Write(report, result));
                var calibration = result.ToManifest();
                if (entry is null)
                {
                    output.WriteLine(ManifestEntry.ToJson(calibration));
                }
                else
                {
                    entry.Write(calibration);
                    output.WriteLine($"{parsed.GetValue(encoder.Manifest)}: calibration of {entry.Entry.Name} written, {calibration.Points.Count} points");
                }

                if (unwritten is not null)
                {
                    throw unwritten;
                }

                PairScores Score(bool withoutSuspects)
                {
                    var usable = withoutSuspects ? faces.Where(i => !suspects.Doubts(faces.Photos.Names[i])) : faces;
                    var left = withoutSuspects ? suspects : null;
                    return listed is null
                        ? PairScores.All(usable, left, cancellationToken)
                        : PairScores.Listed(usable, listed.Pairs.Select(pair => (pair.First, pair.Second)), left);
                }
            }
        }));
        return command;
    }

    private static void Print(TextWriter output, CalibrationResult result)
    {
        var curve = new ScoreCurve(result.Scores.GenuineHistogram, result.Scores.ImpostorHistogram);
        Line($"{result.Encoder}");
        Line($"{result.Source}");
        Line($"EER {curve.EqualErrorRate:P2}, AUC {curve.AreaUnderCurve:0.0000}");
        Line($"{"FAR",-7} {"threshold",-9} {"95 %",-16} {"TAR",-7} {"95 %",-15} {"of pairs",-8} {"accepts",-8} of pairs of persons");
        foreach (var (point, i) in result.Points.Select((point, i) => (point, i)))
        {
            if (point.Refusal is { } refusal)
            {
                Line($"{point.FalseAcceptRate,-7:0e0} {refusal}");
                continue;
            }

            Line($"{point.FalseAcceptRate,-7:0e0} {point.Threshold,-9:0.0000} {point.ThresholdInterval.Low:0.0000}..{point.ThresholdInterval.High,-8:0.0000} {point.TrueAcceptRate * 100,-5:0.0} % {point.TrueAcceptInterval.Low * 100:0.0}..{point.TrueAcceptInterval.High * 100:0.0} %   {point.TrueAcceptRateOfPairs * 100,-5:0.0} %  {point.FalseAccepts,-8} {point.PersonPairs}");
            if (result.OtherWay is { } other && i < other.Count)
            {
                Line($"        {(result.WithoutSuspects ? "with" : "without")} the suspects of suspects.csv: {other[i].Threshold:0.0000}, TAR {other[i].TrueAcceptRate * 100:0.0} %");
            }
        }

        foreach (var pair in result.Suspects.Take(5))
        {
            Line($"accepted as one: {pair.First} and {pair.Second}, {pair.Pairs} of {pair.OfPairs} pairs, highest {pair.Highest:0.000}{(pair.Listed ? ", doubted in suspects.csv" : "")}");
        }

        void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
