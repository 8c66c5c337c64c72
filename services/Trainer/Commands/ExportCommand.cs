using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Export;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Native;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>export</c>: a checkpoint into an ONNX file that is checked before it is kept.</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "Checkpoint of a run, an encoder's or a detector's." };
        var file = new Argument<string>("output") { Description = "ONNX file to write." };
        var command = new Command("export", "Writes a trained network as ONNX and checks it against the original.") { checkpoint, file };
        command.SetAction((parsed, _) => Outcome.Of(parsed, async () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            TorchRuntime.Ensure(error.WriteLine);
            var from = parsed.GetValue(checkpoint)!;
            var (bytes, difference) = DetectorCheckpoint.IsOne(from) ? Detector(from) : Encoder(from);
            if (!(difference <= OnnxCheck.Tolerance))
            {
                throw new TrainerException($"The exported model differs from the original by {difference:E1}, more than {OnnxCheck.Tolerance:E0}; nothing was written.");
            }

            var path = parsed.GetValue(file)!;
            var temporary = path + ".tmp";
            await File.WriteAllBytesAsync(temporary, bytes).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {bytes.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}, largest difference from the original {difference:E1}"));
        }));
        return command;
    }

    private static (byte[] Model, float Difference) Encoder(string path)
    {
        var (header, network) = Checkpoint.LoadNetwork(path);
        using (network)
        {
            var bytes = OnnxExport.ToBytes(network, Metadata(header.Architecture.Name, header.Step, header.Options.Seed));
            return (bytes, OnnxCheck.LargestDifference(network, bytes));
        }
    }

    private static (byte[] Model, float Difference) Detector(string path)
    {
        var (header, network) = DetectorCheckpoint.LoadNetwork(path);
        using (network)
        {
            var bytes = DetectorExport.ToBytes(network, Metadata(header.Architecture.Name, header.Step, header.Options.Seed));
            return (bytes, DetectorCheck.LargestDifference(network, bytes));
        }
    }

    private static Dictionary<string, string> Metadata(string architecture, long step, int seed) => new()
    {
        ["architecture"] = architecture,
        ["step"] = step.ToString(CultureInfo.InvariantCulture),
        ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
    };
}
