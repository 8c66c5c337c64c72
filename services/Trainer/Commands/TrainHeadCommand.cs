using System.CommandLine;
using System.Globalization;
using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Heads;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>train head</c>: from similarity to probability.</summary>
public static class TrainHeadCommand
{
    private const int PhotosEach = 6;

    public static Command Create()
    {
        var encoder = new EncoderOptions();
        var data = DataOptions.Data();
        var cache = DataOptions.Cache();
        var models = DataOptions.Models();
        var file = new Option<string?>("--out") { Description = "JSON file for the head, to be put into a manifest by hand." };
        var kind = new Option<VerifierHeadKind?>("--kind") { Description = "Keeps this kind instead of the one that tests best." };
        var persons = new Option<int>("--train-persons") { Description = "Persons of the training split to fit on; 0: none.", DefaultValueFactory = _ => 3000 }.AtLeast(0);
        var ridge = new Option<double>("--l2") { Description = "Weight of the squared weights (of standardised features) beside the mean log loss.", DefaultValueFactory = _ => 1e-3 }.NotNegative();
        var exclude = new Option<bool>("--exclude-suspects") { Description = "Leaves out the held-out photos that suspects.csv in the data folder doubts." };
        var resamples = new Option<int>("--resamples") { Description = "Resamples of persons for the intervals.", DefaultValueFactory = _ => 200 }.AtLeast(20);
        var command = new Command("head", "Fits heads that turn similarity into probability, compares them and keeps the best.") { data, cache, models, file, kind, persons, ridge, exclude, resamples };
        encoder.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var (photoEncoder, entry) = encoder.Open(parsed);
            using (photoEncoder)
            {
                if (photoEncoder.EmbeddingContract is not { } contract)
                {
                    throw new TrainerException("A head belongs to the embeddings of an exported model; export the checkpoint first.");
                }

                var folder = parsed.GetValue(data)!;
                using var finder = DataOptions.Finder(parsed.GetValue(models));
                var source = DataOptions.Open(folder, finder, error);
                using var pixels = DataOptions.OpenPixels(source, parsed.GetValue(cache)!, error, cancellationToken);
                var (everyone, seed) = (parsed.GetValue(encoder.Everyone), parsed.GetValue(encoder.Seed));
                var photos = LabelledPhotos.HeldOut(source, pixels.Damaged, everyone);
                if (parsed.GetValue(exclude))
                {
                    var suspects = new SuspectedLabels(folder, source);
                    photos = photos.Where(i => !suspects.Doubts(photos.Names[i]));
                }

                // Too few persons are said before minutes of encoding.
                HeadTraining.Halve(photos, seed);
                var heldOut = await LabelledEmbeddings.ComputeAsync(photoEncoder, photos, pixels, error.WriteLine, cancellationToken).ConfigureAwait(false);
                var trainedOn = everyone || parsed.GetValue(persons) == 0
                    ? null
                    : await TrainedOnAsync(photoEncoder, source, pixels, parsed.GetValue(persons), seed, error, cancellationToken).ConfigureAwait(false);
                var training = new HeadTraining(heldOut, trainedOn, parsed.GetValue(ridge), seed);
                var tested = training.Compare(new PersonBootstrap(parsed.GetValue(resamples), seed), cancellationToken);
                var chosen = HeadTraining.Choose(tested, parsed.GetValue(kind));
                var genuine = training.Test.Pairs.Count(pair => pair.Same);
                var tests = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}: {photos.Rows.Count:N0} photos of {photos.Persons.Count:N0} persons not trained on, {genuine:N0} genuine and {training.Test.Pairs.Count - genuine:N0} impostor pairs to test on{(parsed.GetValue(exclude) ? ", doubted photos left out" : "")}");
                Print(output, contract, tests, tested, chosen);
                var unwritten = encoder.WriteReport(parsed, folder => HeadReport.Write(folder, contract, tests, tested, chosen));
                var head = training.Fit(chosen).ToManifest(contract, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{chosen.Name}, fitted on {chosen.FittedOn}. {tests}, fitted on one half and tested on the other: log loss {chosen.Scores.LogLoss:0.000}, calibration error {chosen.Scores.CalibrationError:0.000}, accuracy {chosen.Scores.Accuracy * 100:0.0} %. Prior 0.5; one claim about one person."));
                if (parsed.GetValue(file) is { } path)
                {
                    await WriteAsync(path, ManifestEntry.ToJson(head), cancellationToken).ConfigureAwait(false);
                    output.WriteLine($"{path}: head written");
                }

                if (entry is not null)
                {
                    entry.Write(head);
                    output.WriteLine($"{parsed.GetValue(encoder.Manifest)}: head of {entry.Entry.Name} written");
                }
                else if (parsed.GetValue(file) is null)
                {
                    output.WriteLine(ManifestEntry.ToJson(head));
                }

                if (unwritten is not null)
                {
                    throw unwritten;
                }
            }
        }));
        return command;
    }

    private static async Task<LabelledEmbeddings?> TrainedOnAsync(
        IPhotoEncoder encoder, IFaceSource source, PixelCache pixels, int persons, int seed, TextWriter error, CancellationToken cancellationToken)
    {
        var photos = LabelledPhotos.TrainedOn(source, pixels.Damaged, persons, PhotosEach, seed);
        return photos.Persons.Count < 2 ? null : await LabelledEmbeddings.ComputeAsync(encoder, photos, pixels, error.WriteLine, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await File.WriteAllTextAsync(temporary, text, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"The head could not be written to {path}: {e.Message} Here it is:\n{text}", e);
        }
    }

    private static void Print(TextWriter output, string contract, string data, IReadOnlyList<TestedHead> tested, TestedHead chosen)
    {
        Line($"{contract}");
        Line($"{data}");
        Line($"{"head",-14} {"fitted on",-33} {"accuracy",-19} {"log loss",-19} {"against cosine",-18} {"ECE",-19} {"AUC",-7} {"TAR at 1e-2",-19} TAR at 1e-3");
        foreach (var head in tested)
        {
            Line($"{head.Name,-14} {head.FittedOn,-33} {Share(0),-19} {Number(1),-19} {$"{Math.Round(head.LossAgainstReference.Low, 4):+0.0000;-0.0000;0}..{Math.Round(head.LossAgainstReference.High, 4):+0.0000;-0.0000;0}",-18} {Number(2),-19} {head.Scores.AreaUnderCurve,-7:0.0000} {Share(4),-19} {Share(5)}{(head == chosen ? "  <- kept" : "")}");

            string Share(int value) => string.Create(CultureInfo.InvariantCulture, $"{head.Scores.Values[value] * 100:0.0} % ({head.Intervals[value].Low * 100:0.0}..{head.Intervals[value].High * 100:0.0})");

            string Number(int value) => string.Create(CultureInfo.InvariantCulture, $"{head.Scores.Values[value]:0.000} ({head.Intervals[value].Low:0.000}..{head.Intervals[value].High:0.000})");
        }

        void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
