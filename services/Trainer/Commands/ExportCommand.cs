using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using FaceCloud.Onnx;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Export;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Native;
using FaceCloud.Trainer.Networks;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>export</c>: a checkpoint into an ONNX file that is checked before it is kept.</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "Checkpoint of a run, an encoder's or a detector's." };
        var file = new Argument<string>("output") { Description = "ONNX file to write." };
        var weights = new Option<ExportWeights>("--weights") { Description = "Full, Half (half the file, the same arithmetic) or EightBit (encoders; needs --data).", DefaultValueFactory = _ => ExportWeights.Full };
        var data = DataOptions.Data();
        data.Required = false;
        var cache = DataOptions.Cache();
        var models = DataOptions.Models();
        var command = new Command("export", "Writes a trained network as ONNX and checks it against the original.") { checkpoint, file, weights, data, cache, models };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, async () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            TorchRuntime.Ensure(error.WriteLine);
            if (DetectorCheckpoint.IsOne(parsed.GetValue(checkpoint)!))
            {
                await ExportDetectorAsync(parsed.GetValue(checkpoint)!, parsed.GetValue(file)!, parsed.GetValue(weights), output, cancellationToken).ConfigureAwait(false);
                return;
            }

            var (header, network) = Checkpoint.LoadNetwork(parsed.GetValue(checkpoint)!);
            using (network)
            {
                var metadata = new Dictionary<string, string>
                {
                    ["architecture"] = header.Architecture.Name,
                    ["step"] = header.Step.ToString(CultureInfo.InvariantCulture),
                    ["seed"] = header.Options.Seed.ToString(CultureInfo.InvariantCulture),
                };
                var full = OnnxExport.ToBytes(network, metadata);
                var difference = OnnxCheck.LargestDifference(network, full);
                if (!(difference <= OnnxCheck.Tolerance))
                {
                    throw new TrainerException($"The exported model differs from the original by {difference:E1}, more than {OnnxCheck.Tolerance:E0}; nothing was written.");
                }

                var bytes = parsed.GetValue(weights) switch
                {
                    ExportWeights.Half => OnnxExport.ToBytes(network, metadata, WeightStorage.Half),
                    ExportWeights.EightBit => OnnxExport.ToBytes(network, new EightBitForm(Ranges(network)), metadata, WeightStorage.Half),
                    _ => full,
                };
                var path = parsed.GetValue(file)!;
                await WriteAsync(path, bytes, cancellationToken).ConfigureAwait(false);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: {bytes.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}, largest difference of the float32 form from the original {difference:E1}, lowest cosine of the written form to it {OnnxCheck.LowestCosine(full, bytes, header.Architecture.Side):F6}"));
            }

            ActivationRanges Ranges(EncoderNetwork encoder)
            {
                var folder = parsed.GetValue(data) ?? throw new TrainerException("Eight bits need photos to measure ranges on: name them with --data.");
                using var finder = DataOptions.Finder(parsed.GetValue(models));
                var source = DataOptions.Open(folder, finder, error);
                using var pixels = DataOptions.OpenPixels(source, parsed.GetValue(cache)!, error, cancellationToken);
                var set = TrainingSet.Build(source, pixels.Damaged);
                return ActivationRanges.Measure(encoder, SamplePhotos.Of(set, pixels));
            }
        }));
        return command;
    }

    private static async Task ExportDetectorAsync(string checkpoint, string path, ExportWeights weights, TextWriter output, CancellationToken cancellationToken)
    {
        if (weights == ExportWeights.EightBit)
        {
            throw new TrainerException("Detectors are written with --weights Full or Half; eight bits are for encoders.");
        }

        var (header, network) = DetectorCheckpoint.LoadNetwork(checkpoint);
        using (network)
        {
            var metadata = new Dictionary<string, string>
            {
                ["architecture"] = header.Architecture.Name,
                ["step"] = header.Step.ToString(CultureInfo.InvariantCulture),
                ["seed"] = header.Options.Seed.ToString(CultureInfo.InvariantCulture),
            };
            var full = DetectorExport.ToBytes(network, metadata);
            var difference = DetectorCheck.LargestDifference(network, full);
            if (!(difference <= OnnxCheck.Tolerance))
            {
                throw new TrainerException($"The exported model differs from the original by {difference:E1}, more than {OnnxCheck.Tolerance:E0}; nothing was written.");
            }

            var bytes = weights == ExportWeights.Half ? DetectorExport.ToBytes(network, metadata, WeightStorage.Half) : full;
            await WriteAsync(path, bytes, cancellationToken).ConfigureAwait(false);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {bytes.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}, largest difference of the float32 form from the original {difference:E1}, of the written form {DetectorCheck.LargestDifference(network, bytes):E1}"));
        }
    }

    private static async Task WriteAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var temporary = path + ".tmp";
        try
        {
            await File.WriteAllBytesAsync(temporary, bytes, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new TrainerException($"The model could not be written to {path}: {e.Message}", e);
        }
    }
}
