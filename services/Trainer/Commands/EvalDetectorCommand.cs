using System.CommandLine;
using System.Globalization;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Native;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>eval detector</c>: checkpoints or ONNX files of detectors, through the product's own pipeline.</summary>
public static class EvalDetectorCommand
{
    private const int SpeedRounds = 40;
    private const float LowestThreshold = 0.02f;

    public static Command Create()
    {
        var models = new Argument<string[]>("models") { Description = "Checkpoints or YuNet-shaped ONNX files; several are compared.", Arity = ArgumentArity.OneOrMore };
        var data = new Option<string?>("--data") { Description = "Folder with labels.csv: scores on the photos held out." };
        var cache = DataOptions.Cache();
        var scenes = new Option<int>("--scenes") { Description = "Also scores on so many scenes composed of the photos held out: crowds, small and picture-filling faces." }.AtLeast(0);
        var photos = new Option<string?>("--photos") { Description = "Folder of photos without labels: counts those without a face; with two or more models, how far their landmarks are from the last one's." };
        var draw = new Option<string?>("--draw") { Description = "Folder for copies of those photos with the first model's faces drawn in." };
        var threshold = new Option<float?>("--threshold") { Description = "Lowest score of a face. [default: the product's, 0.5]" };
        threshold.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<float?>() is not (null or (>= LowestThreshold and <= 1)))
            {
                result.AddError($"--threshold must lie between {LowestThreshold.ToString(CultureInfo.InvariantCulture)} and 1.");
            }
        });
        var speed = new Option<bool>("--speed") { Description = "Also times 640×640 on one core." };
        var command = new Command("detector", "Scores detectors on labelled photos, or counts faces on others.") { models, data, cache, scenes, photos, draw, threshold, speed };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(data) is null && parsed.GetValue(photos) is null && !parsed.GetValue(speed))
            {
                throw new TrainerException("There is nothing to do: name labelled photos with --data, others with --photos, or ask for --speed.");
            }

            var files = parsed.GetValue(models)!;
            var bytes = Array.ConvertAll(files, file => Load(file, error));
            var detectors = files.Zip(bytes, (file, model) => new ProductDetector(model, file, parsed.GetValue(threshold))).ToList();
            try
            {
                if (parsed.GetValue(data) is { } folder)
                {
                    await ScoreAsync(folder, parsed.GetValue(cache)!, parsed.GetValue(scenes), files, detectors, output, cancellationToken).ConfigureAwait(false);
                }

                if (parsed.GetValue(photos) is { } plain)
                {
                    await CountAsync(plain, parsed.GetValue(draw), files, detectors, output, cancellationToken).ConfigureAwait(false);
                }

                if (parsed.GetValue(speed))
                {
                    var times = DetectorSpeed.Median(bytes, SpeedRounds, TimeProvider.System);
                    foreach (var (file, time) in files.Zip(times))
                    {
                        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {time:F2} ms for 640×640 on one core (median of {SpeedRounds}), {time / times[^1]:F2} of the last one's"));
                    }
                }
            }
            finally
            {
                detectors.ForEach(detector => detector.Dispose());
            }
        }));
        return command;
    }

    private static byte[] Load(string file, TextWriter error)
    {
        if (!File.Exists(file))
        {
            throw new TrainerException($"There is no file {file}.");
        }

        if (file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            return File.ReadAllBytes(file);
        }

        TorchRuntime.Ensure(error.WriteLine);
        using var network = DetectorCheckpoint.LoadNetwork(file).Network;
        return DetectorExport.ToBytes(network);
    }

    private static async Task ScoreAsync(
        string folder,
        string cache,
        int scenes,
        string[] files,
        List<ProductDetector> detectors,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        var photos = new LabelledPhotos(folder);
        var heldOut = Enumerable.Range(0, photos.Photos.Count).Where(row => photos.Photos[row].HeldOut).ToHashSet();
        if (heldOut.Count == 0)
        {
            throw new TrainerException($"{folder} holds too few photos for any to be held out, so there is nothing to score on.");
        }

        foreach (var (file, detector) in files.Zip(detectors))
        {
            var samples = photos.Read(heldOut).Select(photo => (photos.Photos[photo.Row], photo.Photo));
            output.WriteLine($"{file}: {await DetectorEvaluation.RunAsync(detector, samples, cancellationToken).ConfigureAwait(false)}");
        }

        if (scenes > 0)
        {
            using var pixels = PhotoCache.Open(photos, cache, cancellationToken);
            foreach (var (file, detector) in files.Zip(detectors))
            {
                var scores = await DetectorEvaluation.RunAsync(detector, HeldOutScenes.Compose(photos, pixels, scenes), cancellationToken).ConfigureAwait(false);
                output.WriteLine($"{file}, {scenes} scenes: {scores}");
            }
        }
    }

    private static async Task CountAsync(
        string folder,
        string? draw,
        string[] files,
        List<ProductDetector> detectors,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        var photos = PlainPhotos.Find(folder);
        var analyses = new List<List<Vision.PhotoAnalysis?>>();
        foreach (var (file, detector) in files.Zip(detectors))
        {
            var analysis = await PlainPhotos.AnalyzeAsync(detector, photos, cancellationToken).ConfigureAwait(false);
            analyses.Add(analysis);
            var without = photos.Zip(analysis).Where(pair => pair.Second is { Faces.Count: 0 }).Select(pair => Path.GetRelativePath(folder, pair.First)).ToList();
            output.WriteLine(
                $"{file}: {analysis.Sum(photo => photo?.Faces.Count ?? 0)} faces on {photos.Count} photos, {analysis.Count(photo => photo is { Faces.Count: > 1 })} with several, " +
                $"{analysis.Count(photo => photo is null)} unreadable, {without.Count} without a face{(without.Count == 0 ? "" : $": {DataOptions.Some(without)}")}");
        }

        for (var i = 0; i < files.Length - 1; i++)
        {
            var differences = PlainPhotos.Differences(analyses[i], analyses[^1]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{files[i]}: landmarks {differences.DefaultIfEmpty(0).Average():P2} of the eye distance from the last one's (mean of {differences.Count} faces; nine tenths under {DetectorEvaluation.Quantile(differences, 0.9):P2})"));
        }

        if (draw is not null)
        {
            Directory.CreateDirectory(draw);
            foreach (var (file, analysis) in photos.Zip(analyses[0]))
            {
                if (analysis is not null)
                {
                    var name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '_');
                    PlainPhotos.Draw(file, analysis, Path.Combine(draw, Path.ChangeExtension(name, ".jpg")));
                }
            }
        }
    }
}
