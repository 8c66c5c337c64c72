using System.CommandLine;
using System.Globalization;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Native;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>eval</c>: a checkpoint or an ONNX file on labelled pairs.</summary>
public static class EvalCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A checkpoint, or an ONNX file with one RGB input N×3×112×112 or N×3×112×96." };
        var data = DataOptions.Data();
        var cache = DataOptions.Cache();
        var models = DataOptions.Models();
        var pairs = DataOptions.Pairs();
        var flip = new Option<bool>("--flip") { Description = "Adds the mirrored photo's embedding." };
        var scale = new Option<float>("--divisor") { Description = "Pixels are given as (x − 127.5) / divisor.", DefaultValueFactory = _ => 127.5f };
        var speed = new Option<bool>("--speed") { Description = "Also times single photos on one core (ONNX only)." };
        var conditions = new Option<bool>("--conditions") { Description = "Also tells what the threshold of FAR 1e-2 does to grey, small, blurred, dark, covered probes." };
        var command = new Command("eval", "Scores an encoder on labelled pairs.") { model, data, cache, models, pairs, flip, scale, speed, conditions };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = parsed.GetValue(model)!;
            var folder = parsed.GetValue(data)!;
            using var finder = DataOptions.Finder(parsed.GetValue(models));
            var source = DataOptions.Open(folder, finder, error);
            using var pixels = DataOptions.OpenPixels(source, parsed.GetValue(cache)!, error, cancellationToken);
            var labelled = DataOptions.OpenPairs(parsed.GetValue(pairs), folder, source, pixels.Damaged)
                ?? throw new TrainerException("There is nothing to score on: no pairs file, and no two persons held out with photos to pair. Name pairs with --pairs.");
            if (path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            {
                using var encoder = new OnnxEncoder(path, parsed.GetValue(scale));
                Score(encoder.Encode);
                if (parsed.GetValue(speed))
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one photo on one core: {encoder.MedianMilliseconds(TimeProvider.System, 200):F2} ms (median of 200)"));
                }
            }
            else
            {
                TorchRuntime.Ensure(error.WriteLine);
                var (header, network) = Checkpoint.LoadNetwork(path);
                using (network)
                {
                    output.WriteLine($"{header.Architecture.Name} at step {header.Step}");
                    Score(new TorchEncoder(network).Encode);
                }
            }

            return Task.CompletedTask;

            void Score(Func<float[], int, float[]> encode)
            {
                Print(output, PairEvaluation.Run(encode, labelled, pixels, parsed.GetValue(flip), cancellationToken));
                if (parsed.GetValue(conditions))
                {
                    output.WriteLine("| the probe is | accepted rightly | accepted wrongly | EER |\n|---|---|---|---|");
                    foreach (var row in ConditionEvaluation.Run(encode, labelled, pixels, cancellationToken))
                    {
                        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.Condition.Name} | {row.TrueAccepts:P1} | {row.FalseAccepts:P2} | {row.EqualErrorRate:P1} |"));
                    }
                }
            }
        }));
        return command;
    }

    private static void Print(TextWriter output, VerificationScores scores) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"accuracy {scores.Accuracy:P2} at {scores.Threshold:F3}, EER {scores.EqualErrorRate:P2}, TAR@FAR1e-2 {scores.TrueAcceptsAt1E2:P2}, TAR@FAR1e-3 {scores.TrueAcceptsAt1E3:P2}"));
}
