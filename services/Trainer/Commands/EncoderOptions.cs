using System.CommandLine;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Native;

namespace FaceCloud.Trainer.Commands;

/// <summary>The options that name a finished encoder and where its numbers go, shared by <c>calibrate</c> and <c>train head</c>.</summary>
internal sealed class EncoderOptions
{
    public Argument<string> Model { get; } = new("model") { Description = "An ONNX file with one RGB input N×3×112×W, or any that --manifest describes; or a checkpoint." };

    public Option<string?> Manifest { get; } = new("--manifest")
    {
        Description = "A models.json: the model is fed as its entry says (mirror image, columns, mean), and the result is written into that entry.",
    };

    public Option<string?> Name { get; } = new("--name") { Description = "The entry of --manifest." };

    public Option<bool> Flip { get; } = new("--flip") { Description = "Adds the mirrored photo's embedding; with --manifest the entry says so." };

    public Option<float> Divisor { get; } = new("--divisor") { Description = "Pixels are given as (x − 127.5) / divisor; with --manifest the entry says so.", DefaultValueFactory = _ => 127.5f };

    public Option<int> Threads { get; } = new Option<int>("--threads") { Description = "Photos encoded at a time.", DefaultValueFactory = _ => 1 }.AtLeast(1);

    public Option<bool> Everyone { get; } = new("--everyone")
    {
        Description = "Takes all persons, not only those held out: right where the encoder was trained on none of them, as with photos of your own.",
    };

    public Option<string?> Report { get; } = new("--report") { Description = $"Folder for {ReportPage.FileName}, its pictures (SVG) and tables (CSV)." };

    public Option<int> Seed { get; } = new("--seed") { Description = "Same seed, same intervals.", DefaultValueFactory = _ => 1 };

    public void AddTo(Command command)
    {
        command.Add(Model);
        foreach (var option in new Option[] { Manifest, Name, Flip, Divisor, Threads, Everyone, Report, Seed })
        {
            command.Add(option);
        }
    }

    /// <summary>The encoder, and the entry that describes it if one does.</summary>
    public (IPhotoEncoder Encoder, ManifestEntry? Entry) Open(ParseResult parsed)
    {
        var path = parsed.GetValue(Model)!;
        var manifest = parsed.GetValue(Manifest);
        if (manifest is null != parsed.GetValue(Name) is null)
        {
            throw new TrainerException("--manifest and --name go together: which file, and which of its encoders.");
        }

        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no model {path}.");
        }

        var onnx = path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        if (manifest is not null)
        {
            if (!onnx)
            {
                throw new TrainerException($"{path} is a checkpoint, and a manifest describes ONNX files; export it first.");
            }

            var entry = ManifestEntry.Open(manifest, parsed.GetValue(Name)!);
            return (ProductEncoder.Open(path, entry.Entry, parsed.GetValue(Threads)), entry);
        }

        if (onnx)
        {
            return (ProductEncoder.Open(path, parsed.GetValue(Flip), parsed.GetValue(Divisor), parsed.GetValue(Threads)), null);
        }

        TorchRuntime.Ensure(parsed.InvocationConfiguration.Error.WriteLine);
        TorchSharp.torch.set_num_threads(parsed.GetValue(Threads));
        return (new CheckpointEncoder(path, parsed.GetValue(Flip)), null);
    }

    /// <summary>Writes the report where one is wanted. A folder that cannot be written is told at the end: the result still has to be kept.</summary>
    public TrainerException? WriteReport(ParseResult parsed, Action<string> write)
    {
        if (parsed.GetValue(Report) is not { } folder)
        {
            return null;
        }

        try
        {
            write(folder);
            parsed.InvocationConfiguration.Output.WriteLine($"report: {Path.Combine(folder, ReportPage.FileName)}");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new TrainerException($"The report could not be written to {folder}: {e.Message}", e);
        }
    }
}
