using System.CommandLine;
using System.Globalization;
using FaceCloud.Cli.Models;
using FaceCloud.Cli.Output;
using FaceCloud.Inference.Models;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud models list | show | verify | add | use | remove</c>: on files, without a server.</summary>
internal static class ModelsCommand
{
    public static Command Create(CommandRunner runner)
    {
        var folder = new ModelFolder();
        return new Command("models", "Encoders and detectors: those shipped and your own")
        {
            folder.Directory, List(runner, folder), Show(runner, folder), Verify(runner, folder), ModelsAddCommand.Create(runner, folder), Use(runner, folder), Remove(runner, folder),
        };
    }

    private static Command List(CommandRunner runner, ModelFolder folder)
    {
        var command = new Command("list", "All models, your own first");
        runner.SetLocalAction(command, (parsed, _) =>
        {
            var list = folder.Load(parsed);
            return Task.FromResult(new CommandResult(
                ExitCode.Success,
                new { ModelsDirectory = list.UserDirectory, Models = list.Models.Select(model => ModelDocuments.Model(list, model)).ToArray() },
                console =>
                {
                    var table = Terminal.Table(console, "model", "kind", "in use", "file", "size", "numbers", "calibrated", "licence");
                    foreach (var model in list.Models)
                    {
                        Terminal.Row(
                            table,
                            model.Entry.Name,
                            ModelWords.Kind(model.Entry.Kind),
                            ModelDocuments.IsInUse(list, model) ? "yes" : "",
                            model.FindFile() is null ? "missing" : model.IsUsers ? "yours" : "shipped",
                            ModelWords.Size(ModelDocuments.Size(model)),
                            $"{model.Entry.Dimension}",
                            model.Entry.Kind == ModelKind.Detector ? "" : model.Entry.Calibration is null ? "no" : "yes",
                            ModelWords.Short(model.Entry.Licence));
                    }

                    console.Write(table);
                }));
        });
        return command;
    }

    private static Command Show(CommandRunner runner, ModelFolder folder)
    {
        var name = Name();
        var command = new Command("show", "One model's card: licence, origin, input, output, calibration, checksum") { name };
        runner.SetLocalAction(command, (parsed, _) =>
        {
            var list = folder.Load(parsed);
            var model = Find(list, parsed.GetRequiredValue(name));
            return Task.FromResult(new CommandResult(
                ExitCode.Success, new { Model = ModelDocuments.Model(list, model) }, console => Card(console, list, model)));
        });
        return command;
    }

    private static Command Verify(CommandRunner runner, ModelFolder folder)
    {
        var names = new Argument<string[]>("name") { Description = "Names of models; default: all whose files are there, and those in use", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("verify", "Compares the SHA-256 of the files with the manifests. Exit code 2 when one is wrong, or missing and yours, in use or asked for.") { names };
        runner.SetLocalAction(command, (parsed, _) =>
        {
            var list = folder.Load(parsed);
            var asked = parsed.GetValue(names) ?? [];
            var models = asked.Length > 0 ? asked.Select(wanted => Find(list, wanted)).ToList() : [.. list.Models];
            var checks = models.Select(model => ModelDocuments.Check(model, mayBeMissing: asked.Length == 0 && !model.IsUsers && !ModelDocuments.IsInUse(list, model))).ToArray();
            return Task.FromResult(new CommandResult(
                checks.All(check => check.IsGood) ? ExitCode.Success : ExitCode.BadInput,
                new { Models = checks },
                console =>
                {
                    foreach (var check in checks)
                    {
                        console.WriteLine(check.State switch
                        {
                            ModelDocuments.Right => $"{check.Name}: OK, SHA-256 {check.Sha256} ({check.Path})",
                            ModelDocuments.Wrong => $"{check.Name}: WRONG FILE, its SHA-256 is {check.Found}, the manifest says {check.Sha256} ({check.Path})",
                            _ => $"{check.Name}: MISSING{(check.IsGood ? ", and not in use" : "")} ({check.Path})",
                        });
                    }
                }));
        });
        return command;
    }

    private static Command Use(CommandRunner runner, ModelFolder folder)
    {
        var name = Name();
        var command = new Command("use", "Makes a model the encoder or detector in use, from the server's next start on") { name };
        runner.SetLocalAction(command, (parsed, _) =>
        {
            var list = folder.Load(parsed);
            var model = Find(list, parsed.GetRequiredValue(name));
            model.Open();
            var before = list.Chosen(model.Entry.Kind) is { } chosen ? list.Find(chosen)?.Entry : null;
            UserManifest.Use(list.UserManifestPath, model.Entry.Kind, model.Entry.Name);
            var change = ModelWords.ContractChange(before, model.Entry);
            var notCalibrated = model.Entry is { Kind: ModelKind.Encoder, Calibration: null };
            return Task.FromResult(new CommandResult(
                ExitCode.Success,
                new
                {
                    model.Entry.Name,
                    Kind = ModelWords.Kind(model.Entry.Kind),
                    Before = before?.Name,
                    EmbeddingContract = ModelDocuments.Contract(model.Entry),
                    FormerEmbeddingContract = before is null ? null : ModelDocuments.Contract(before),
                    Manifest = list.UserManifestPath,
                    Note = change,
                },
                console =>
                {
                    console.WriteLine($"The {ModelWords.Kind(model.Entry.Kind)} is {model.Entry.Name} from the server's next start on ({list.UserManifestPath}).");
                    if (change is not null)
                    {
                        console.WriteLine(change);
                    }

                    if (notCalibrated)
                    {
                        console.WriteLine($"Calibration: {ModelWords.NotCalibrated}.");
                    }
                }));
        });
        return command;
    }

    private static Command Remove(CommandRunner runner, ModelFolder folder)
    {
        var name = Name();
        var command = new Command("remove", "Removes one of your own models and its file; not one in use") { name };
        runner.SetLocalAction(command, (parsed, _) =>
        {
            var list = folder.Load(parsed);
            var removed = parsed.GetRequiredValue(name);
            ModelStore.Remove(list, removed);
            return Task.FromResult(new CommandResult(
                ExitCode.Success, new { Removed = new { Name = removed } }, console => console.WriteLine($"Removed {removed}.")));
        });
        return command;
    }

    private static Argument<string> Name() => new("name") { Description = "Name of the model" };

    private static ListedModel Find(ModelList list, string name) => list.Find(name) ?? throw ModelStore.NotThere(list, name);

    private static void Card(IAnsiConsole console, ModelList list, ListedModel model)
    {
        var entry = model.Entry;
        Line("model", $"{entry.Name}, {ModelWords.Kind(entry.Kind)}{(ModelDocuments.IsInUse(list, model) ? ", in use" : "")}");
        Line("licence", entry.Licence);
        Line("origin", entry.Origin);
        if (entry.Note is { } note)
        {
            Line("note", note);
        }

        Line("file", model.FindFile() is { } path ? $"{path}, {ModelWords.Size(ModelDocuments.Size(model))}" : $"missing: '{entry.File}', looked for in {string.Join(", ", model.Folders)}");
        Line("sha-256", entry.Sha256.ToLowerInvariant());
        Line("manifest", model.ManifestPath);
        Line("input", ModelWords.Input(entry));
        if (entry.Kind == ModelKind.Detector)
        {
            Line("outputs", (entry.Outputs ?? DetectorOutputs.Yunet).ToString().ToLowerInvariant());
            return;
        }

        Line("output", $"'{entry.OutputName}', {entry.Dimension} numbers{(entry.Mirror ? ", summed with the mirror image's" : "")}{(entry.OneAtATime ? ", one face at a time" : "")}");
        Line("contract", ModelDescription.ContractOf(entry));
        Line("calibration", entry.Calibration?.Source ?? ModelWords.NotCalibrated + ".");
        foreach (var point in entry.Calibration?.Points ?? [])
        {
            Line("", $"FAR {point.FalseAcceptRate.ToString("0.########", CultureInfo.InvariantCulture)}: cosine {Words.Number(point.Threshold)}");
        }

        void Line(string word, string text) => console.WriteLine($"{word,-12}{text}");
    }
}
