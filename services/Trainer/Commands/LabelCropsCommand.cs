using System.CommandLine;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Detection.Labelling;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>label crops</c>: aligned crops into labelled photos for <c>train detector --extra</c>.</summary>
public static class LabelCropsCommand
{
    private const float LowestScore = 0.3f;

    public static Command Create()
    {
        var defaults = new CropLabellingOptions();
        var data = new Option<string>("--data") { Description = "Folder of crop shards (with index.csv).", Required = true };
        var detector = new Option<string>("--detector") { Description = "YuNet-shaped ONNX file that says where the faces lie.", Required = true };
        var target = new Option<string>("--out") { Description = "New folder for photos.csv, labels.csv, ignore.csv and the crops kept.", Required = true };
        var turned = new Option<double>("--turned-below") { Description = "Faces whose eyes are nearer to each other than this part of the way from eyes to mouth are all kept.", DefaultValueFactory = _ => defaults.TurnedBelow }.NotNegative();
        var others = new Option<double>("--others") { Description = "Share of the other faces that is kept.", DefaultValueFactory = _ => defaults.OthersShare }.Share();
        var most = new Option<int?>("--most") { Description = "Look at so many crops. [default: all]" };
        var command = new Command("crops", "Finds the faces of aligned crops with a detector and writes them as labelled photos.") { data, detector, target, turned, others, most };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var file = parsed.GetValue(detector)!;
            if (!File.Exists(file))
            {
                throw new TrainerException($"There is no file {file}.");
            }

            using var teacher = new ProductDetector(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), file, LowestScore);
            var options = defaults with { TurnedBelow = (float)parsed.GetValue(turned), OthersShare = (float)parsed.GetValue(others), Most = parsed.GetValue(most) };
            var result = await new CropLabelling(teacher, options).RunAsync(new CropShards(parsed.GetValue(data)!), parsed.GetValue(target)!, cancellationToken).ConfigureAwait(false);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{result.Seen} crops looked at: {result.Turned} faces turned far away and {result.Others} others written to {parsed.GetValue(target)}; {result.Without} show no certain face");
        }));
        return command;
    }
}
