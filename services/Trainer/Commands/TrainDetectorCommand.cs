using System.CommandLine;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Native;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>train detector</c>.</summary>
public static class TrainDetectorCommand
{
    public static Command Create()
    {
        var defaults = new DetectorTrainingOptions();
        var data = DetectorData();
        var cache = DataOptions.Cache();
        var extra = new Option<string?>("--extra") { Description = "Folder of more photos with labels.csv to learn from, such as 'label crops' writes; scores stay on --data." };
        var extraShare = new Option<double>("--extra-share") { Description = "Of the places with a face, the share filled from them.", DefaultValueFactory = _ => defaults.Scenes.Extra }.Share();
        var turnedShare = new Option<double>("--turned-share") { Description = "Of the places with a face, the share with a face turned far away.", DefaultValueFactory = _ => defaults.Scenes.Turned }.Share();
        var run = new Option<string>("--run") { Description = "Folder of this run: checkpoint and metrics.", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run in the folder." };
        var startFrom = new Option<string?>("--start-from") { Description = "A detector's checkpoint whose network a new run starts with; the parts that fit are taken over." };
        var network = new Option<string>("--network") { Description = $"One of {string.Join(", ", DetectorArchitecture.Known.Select(a => a.Name))}.", DefaultValueFactory = _ => defaults.Network };
        var steps = new Option<int>("--steps") { Description = "Steps of the run.", DefaultValueFactory = _ => (int)defaults.Steps }.AtLeast(1);
        var rate = new Option<double>("--learning-rate") { Description = "Highest learning rate.", DefaultValueFactory = _ => defaults.LearningRate }.NotNegative();
        var coolDown = new Option<double>("--cool-down") { Description = "Last share of the run, over which the rate falls to zero.", DefaultValueFactory = _ => defaults.CoolDown }.NotNegative();
        var seed = new Option<int>("--seed") { Description = "Same seed, same run.", DefaultValueFactory = _ => defaults.Seed };
        var threads = new Option<int>("--threads") { Description = "Threads of the arithmetic.", DefaultValueFactory = _ => defaults.Threads }.AtLeast(1);
        var bfloat16 = new Option<bool>("--bfloat16") { Description = "Convolutions in bfloat16: faster on CPUs with AVX-512 BF16." };
        var scoreEvery = new Option<int>("--score-every") { Description = "Steps between two scorings on the photos held out.", DefaultValueFactory = _ => defaults.ScoreEvery }.AtLeast(1);
        var checkpoint = new Option<double>("--checkpoint-minutes") { Description = "Minutes between checkpoints.", DefaultValueFactory = _ => defaults.CheckpointEvery.TotalMinutes }.NotNegative();
        var command = new Command("detector", "Trains a detector on photos with labelled faces; resumable.")
        {
            data, cache, extra, extraShare, turnedShare, run, resume, startFrom, network, steps, rate, coolDown, seed, threads, bfloat16, scoreEvery, checkpoint,
        };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var options = defaults with
            {
                Network = parsed.GetValue(network)!,
                Steps = parsed.GetValue(steps),
                LearningRate = parsed.GetValue(rate),
                CoolDown = parsed.GetValue(coolDown),
                Seed = parsed.GetValue(seed),
                Scenes = defaults.Scenes with { Extra = (float)parsed.GetValue(extraShare), Turned = (float)parsed.GetValue(turnedShare) },
                Threads = parsed.GetValue(threads),
                Bfloat16 = parsed.GetValue(bfloat16),
                ScoreEvery = parsed.GetValue(scoreEvery),
                CheckpointEvery = TimeSpan.FromMinutes(parsed.GetValue(checkpoint)),
            };
            TorchRuntime.Ensure(error.WriteLine);
            var photos = new LabelledPhotos(parsed.GetValue(data)!);
            using var pixels = PhotoCache.Open(photos, parsed.GetValue(cache)!, cancellationToken);
            if (pixels.Damaged.Count > 0)
            {
                error.WriteLine($"{pixels.Damaged.Count} photos are missing or cannot be read and are left out: {DataOptions.Some([.. pixels.Damaged.Order().Select(row => photos.Photos[row].Name)])}.");
            }

            output.WriteLine(
                $"{photos.Photos.Count} photos with {photos.Photos.Sum(photo => photo.Faces.Count)} faces; " +
                $"{photos.Photos.Count(photo => photo.HeldOut)} photos are held out, {photos.Photos.Count(photo => photo.FaceFree)} show no face");
            var morePhotos = parsed.GetValue(extra) is { } moreFolder ? new LabelledPhotos(moreFolder) : null;
            using var morePixels = morePhotos is null ? null : PhotoCache.Open(morePhotos, parsed.GetValue(cache)!, cancellationToken);
            if (morePhotos is not null)
            {
                output.WriteLine($"{morePhotos.Photos.Count} extra photos with {morePhotos.Photos.Sum(photo => photo.Faces.Count)} faces, of which {morePhotos.Photos.Sum(photo => photo.Faces.Count(face => face.AppearsTurned))} are turned far away");
            }

            using var start = parsed.GetValue(resume) || parsed.GetValue(startFrom) is not { } path ? null : DetectorCheckpoint.LoadNetwork(path).Network;
            using var training = new DetectorTraining(
                options,
                parsed.GetValue(run)!,
                photos,
                pixels,
                TimeProvider.System,
                line => output.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {line}"),
                startFrom: start,
                extra: morePhotos is null || morePixels is null ? null : (morePhotos, morePixels));
            await training.RunAsync(parsed.GetValue(resume), cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }

    internal static Option<string> DetectorData() => new("--data")
    {
        Description = "Folder with labels.csv, and the photos as files or in tar files that photos.csv names.",
        Required = true,
    };
}
