using System.CommandLine;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Losses;
using FaceCloud.Trainer.Native;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Training;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>train encoder</c>.</summary>
public static class TrainEncoderCommand
{
    public static Command Create()
    {
        var defaults = new EncoderTrainingOptions();
        var data = DataOptions.Data();
        var cache = DataOptions.Cache();
        var models = DataOptions.Models();
        var run = new Option<string>("--run") { Description = "Folder of this run: checkpoint and metrics.", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run in the folder." };
        var startFrom = new Option<string?>("--start-from") { Description = "A checkpoint, or an exported encoder (float, .onnx), whose network a new run starts with; the parts that fit are taken over." };
        var teacher = new Option<string?>("--teacher") { Description = "The teacher's embeddings. [default: teacher.f16 in the data folder]" };
        var pairs = DataOptions.Pairs();
        var network = new Option<string>("--network") { Description = $"One of {string.Join(", ", EncoderArchitecture.Known.Select(a => a.Name))}.", DefaultValueFactory = _ => defaults.Network };
        var persons = new Option<int>("--persons") { Description = "P: persons in a batch.", DefaultValueFactory = _ => defaults.Persons }.AtLeast(2);
        var photos = new Option<int>("--photos") { Description = "K: photos of each.", DefaultValueFactory = _ => defaults.PhotosPerPerson }.AtLeast(2);
        var distillation = new Option<double>("--distillation") { Description = "Weight of the distance to the teacher.", DefaultValueFactory = _ => defaults.Distillation }.NotNegative();
        var triplet = new Option<double>("--triplet") { Description = "Weight of the triplet loss.", DefaultValueFactory = _ => defaults.Triplet }.NotNegative();
        var angular = new Option<double>("--angular") { Description = "Weight of the angular margin loss.", DefaultValueFactory = _ => defaults.Angular }.NotNegative();
        var margin = new Option<float>("--margin") { Description = "The triplet loss's alpha.", DefaultValueFactory = _ => defaults.Margin };
        var mining = new Option<TripletMining>("--mining") { Description = "How negatives are chosen.", DefaultValueFactory = _ => defaults.Mining };
        var passes = new Option<double>("--passes") { Description = "Passes over the photos.", DefaultValueFactory = _ => defaults.Passes }.NotNegative();
        var smallSide = new Option<int>("--small-side") { Description = "Side of the photos in the first passes.", DefaultValueFactory = _ => defaults.SmallSide }.AtLeast(32);
        var smallPasses = new Option<double>("--small-passes") { Description = "Passes at that side; they cost a fraction of the others.", DefaultValueFactory = _ => defaults.SmallPasses }.NotNegative();
        var gentlePasses = new Option<double>("--gentle-passes") { Description = "Last passes, in which photos are changed only gently.", DefaultValueFactory = _ => defaults.GentlePasses }.NotNegative();
        var rate = new Option<double>("--learning-rate") { Description = "Highest learning rate.", DefaultValueFactory = _ => defaults.LearningRate }.NotNegative();
        var optimiser = new Option<OptimiserKind>("--optimiser") { Description = "How gradients become steps.", DefaultValueFactory = _ => defaults.Optimiser };
        var coolDown = new Option<double>("--cool-down") { Description = "Last share of the run, over which the rate falls to zero.", DefaultValueFactory = _ => defaults.CoolDown }.NotNegative();
        var seed = new Option<int>("--seed") { Description = "Same seed, same run.", DefaultValueFactory = _ => defaults.Seed };
        var threads = new Option<int>("--threads") { Description = "Threads of the arithmetic.", DefaultValueFactory = _ => defaults.Threads }.AtLeast(1);
        var bfloat16 = new Option<bool>("--bfloat16") { Description = "Convolutions in bfloat16: faster on CPUs with AVX-512 BF16." };
        var checkpoint = new Option<double>("--checkpoint-minutes") { Description = "Minutes between checkpoints.", DefaultValueFactory = _ => defaults.CheckpointEvery.TotalMinutes }.NotNegative();
        var command = new Command("encoder", "Trains an encoder on aligned crops; resumable.")
        {
            data, cache, models, run, resume, startFrom, teacher, pairs, network, persons, photos, distillation, triplet, angular, margin, mining,
            passes, smallSide, smallPasses, gentlePasses, rate, optimiser, coolDown, seed, threads, bfloat16, checkpoint,
        };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var options = defaults with
            {
                Network = parsed.GetValue(network)!,
                Persons = parsed.GetValue(persons),
                PhotosPerPerson = parsed.GetValue(photos),
                Distillation = parsed.GetValue(distillation),
                Triplet = parsed.GetValue(triplet),
                Angular = parsed.GetValue(angular),
                Margin = parsed.GetValue(margin),
                Mining = parsed.GetValue(mining),
                Passes = parsed.GetValue(passes),
                SmallSide = parsed.GetValue(smallSide),
                SmallPasses = parsed.GetValue(smallPasses),
                GentlePasses = parsed.GetValue(gentlePasses),
                LearningRate = parsed.GetValue(rate),
                Optimiser = parsed.GetValue(optimiser),
                CoolDown = parsed.GetValue(coolDown),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                Bfloat16 = parsed.GetValue(bfloat16),
                CheckpointEvery = TimeSpan.FromMinutes(parsed.GetValue(checkpoint)),
            };
            TorchRuntime.Ensure(error.WriteLine);
            var folder = parsed.GetValue(data)!;
            using var finder = DataOptions.Finder(parsed.GetValue(models));
            var source = DataOptions.Open(folder, finder, error);
            using var pixels = DataOptions.OpenPixels(source, parsed.GetValue(cache)!, error, cancellationToken);
            var set = TrainingSet.Build(source, pixels.Damaged);
            output.WriteLine(set.Report);
            var teacherPath = parsed.GetValue(teacher) ?? Path.Combine(folder, "teacher.f16");
            var startPath = parsed.GetValue(resume) ? null : parsed.GetValue(startFrom);
            var exported = startPath?.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) == true;
            using var start = startPath is null ? null : exported ? ExportedEncoder.Load(startPath) : Checkpoint.LoadNetwork(startPath).Network;
            using var training = new EncoderTraining(
                options,
                parsed.GetValue(run)!,
                source,
                set,
                pixels,
                options.Distillation > 0 ? TeacherEmbeddings.Load(teacherPath, source.Faces.Count) : null,
                DataOptions.OpenPairs(parsed.GetValue(pairs), folder, source, pixels.Damaged),
                TimeProvider.System,
                line => output.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {line}"),
                startFrom: start,
                settle: exported);
            await training.RunAsync(parsed.GetValue(resume), cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }
}
