using System.CommandLine;
using FaceCloud.Cli.Models;
using FaceCloud.Inference.Models;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud models add FILE|URL --profile P</c></summary>
internal static class ModelsAddCommand
{
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromSeconds(1);

    public static Command Create(CommandRunner runner, ModelFolder folder)
    {
        var source = new Argument<string>("source") { Description = "An ONNX file, or the https address of one" };
        var profile = new Option<string>("--profile")
        {
            Description = $"How the model wants to be fed. {string.Join("; ", ModelProfile.All.Select(known => $"{known.Name}: {known.Summary}"))}",
            HelpName = string.Join('|', ModelProfile.All.Select(known => known.Name)),
            Required = true,
        };
        profile.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && ModelProfile.Find(given) is null)
            {
                result.AddError($"'{given}' is no profile: give {string.Join(", ", ModelProfile.All.Select(known => known.Name))}.");
            }
        });
        var name = new Option<string?>("--name") { Description = "Name of the model: a-z 0-9 . _ -; default: the known name of this file, else made from the file's name", HelpName = "name" };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && !ModelManifest.IsName(given))
            {
                result.AddError($"'{given}' is no name for a model: give 1 to 64 of a-z 0-9 . _ -.");
            }
        });
        var licence = new Option<string?>("--licence") { Description = "Under what terms the model may be used; default: what is known of it", HelpName = "text" };
        var sha256 = new Option<string?>("--sha256") { Description = "SHA-256 that the file must have", HelpName = "hex" };
        sha256.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && (given.Length != 64 || !given.All(char.IsAsciiHexDigit)))
            {
                result.AddError($"'{given}' is no SHA-256: give 64 hex digits.");
            }
        });
        var use = new Option<bool>("--use") { Description = "Make it the encoder or detector in use" };
        var yes = new Option<bool>("--yes") { Description = "Download without asking whether the licence is accepted" };
        var insecure = new Option<bool>("--insecure") { Description = "Download over http too" };
        var command = new Command("add", "Checks a model, copies or downloads it into the models folder, and names it in the manifest there")
        {
            source, profile, name, licence, sha256, use, yes, insecure,
        };

        runner.SetLocalAction(command, async (parsed, cancellationToken) =>
        {
            var list = folder.Load(parsed);
            var from = parsed.GetRequiredValue(source);
            var url = Uri.TryCreate(from, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;
            var addition = new ModelAddition
            {
                Source = from,
                Suggested = url is null ? Path.GetFileName(from) : Uri.UnescapeDataString(url.Segments[^1].TrimEnd('/')),
                Profile = ModelProfile.Find(parsed.GetRequiredValue(profile))!,
                Name = parsed.GetValue(name),
                Licence = parsed.GetValue(licence),
                Origin = url is null ? $"Added from the file '{Path.GetFileName(from)}'" : ModelDownload.Shown(url),
                Use = parsed.GetValue(use),
            };
            var wanted = parsed.GetValue(sha256);
            if (url is not null)
            {
                ModelDownload.RequireSafe(url, parsed.GetValue(insecure));
                Accept(runner, parsed, list, addition, wanted, parsed.GetValue(yes));
                return await DownloadAsync(runner, parsed, list, addition, wanted, url, cancellationToken);
            }

            if (!File.Exists(from))
            {
                throw new InputException(Reasons.FileNotFound, $"There is no file '{from}'.");
            }

            RequireChecksum(addition, wanted);
            return Result(list, ModelStore.Add(list, addition), addition);
        });
        return command;
    }

    // The licence comes before the bytes.
    private static void Accept(CommandRunner runner, ParseResult parsed, ModelList list, ModelAddition addition, string? wanted, bool yes)
    {
        var known = wanted is null ? null : ModelStore.Known(list, wanted);
        var licence = addition.Licence ?? known?.Licence ?? addition.Profile.Licence ?? ModelProfile.UnknownLicence;
        runner.Say(parsed, $"Licence: {licence}");
        if (yes)
        {
            return;
        }

        if (!runner.MayAsk(parsed))
        {
            throw new InputException(Reasons.LicenceNotAccepted, $"Nothing was downloaded. Its licence: {licence} If you accept that, give --yes; if you know it better, --licence.");
        }

        if (!runner.Progress(parsed)!.Console.Confirm("Download it under these terms?", defaultValue: false))
        {
            throw new InputException(Reasons.LicenceNotAccepted, "Nothing was downloaded.");
        }
    }

    private static async Task<CommandResult> DownloadAsync(
        CommandRunner runner, ParseResult parsed, ModelList list, ModelAddition addition, string? wanted, Uri url, CancellationToken cancellationToken)
    {
        var part = new PartFile(Path.Combine(list.UserDirectory, Path.GetFileName(addition.Suggested) is { Length: > 0 } file ? file + ".part" : "model.part"));
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var download = new ModelDownload(http, TimeProvider.System, PauseBetweenTries);
        if (runner.Progress(parsed) is { } terminal)
        {
            await terminal.Console.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
                .StartAsync(progress =>
                {
                    var bar = progress.AddTask(Markup.Escape(addition.Suggested));
                    return download.FetchAsync(url, part, Report(bar), cancellationToken);
                });
        }
        else
        {
            await download.FetchAsync(url, part, report: null, cancellationToken);
        }

        addition = addition with { Source = part.Path, Move = true };
        try
        {
            RequireChecksum(addition, wanted);
            var entry = ModelStore.Add(list, addition);
            part.Forget();
            return Result(list, entry, addition);
        }
        catch (DownloadException)
        {
            part.Delete();
            throw;
        }
        catch (ModelException exception) when (exception.IsNoModel)
        {
            part.Delete();
            throw;
        }
        catch (ModelException exception)
        {
            throw new ModelException($"{exception.Message} The download is kept: the same command with another --profile or --name does not repeat it ('{part.Path}').", exception);
        }
    }

    private static void RequireChecksum(ModelAddition addition, string? wanted)
    {
        if (wanted is not null && ListedModel.Checksum(addition.Source) is var found && !string.Equals(found, wanted, StringComparison.OrdinalIgnoreCase))
        {
            throw new DownloadException(
                ExitCode.BadInput,
                Reasons.ChecksumMismatch,
                $"'{addition.Suggested}' is not the wanted file: its SHA-256 is {found}, wanted is {wanted.ToLowerInvariant()}. {(addition.Move ? "It was deleted." : "Nothing was added.")}");
        }
    }

    private static Action<long, long?> Report(ProgressTask bar) => (done, total) =>
    {
        bar.IsIndeterminate = total is null;
        bar.MaxValue = total ?? done + 1;
        bar.Value = done;
    };

    private static CommandResult Result(ModelList before, ModelEntry entry, ModelAddition addition)
    {
        var path = Path.Combine(before.UserDirectory, entry.File);
        var inUse = addition.Use || before.Chosen(entry.Kind) == entry.Name;
        var former = before.Chosen(entry.Kind) is { } chosen ? before.Find(chosen)?.Entry : null;
        var change = inUse ? ModelWords.ContractChange(former, entry) : null;
        return new CommandResult(
            ExitCode.Success,
            new
            {
                Added = new
                {
                    entry.Name,
                    Kind = ModelWords.Kind(entry.Kind),
                    Path = path,
                    entry.Sha256,
                    entry.Dimension,
                    EmbeddingContract = ModelDocuments.Contract(entry),
                    entry.Licence,
                    Calibrated = entry.Kind == ModelKind.Encoder ? entry.Calibration is not null : (bool?)null,
                    InUse = inUse,
                    Note = change,
                },
            },
            console =>
            {
                console.WriteLine($"Added {entry.Name}, {ModelWords.Kind(entry.Kind)}{(entry.Dimension is { } numbers ? $", {numbers} numbers" : "")}: {path}");
                console.WriteLine($"Licence: {entry.Licence}");
                console.WriteLine($"SHA-256: {entry.Sha256}");
                if (entry.Note is not null)
                {
                    console.WriteLine($"Note: {entry.Note}");
                }

                if (entry.Kind == ModelKind.Encoder)
                {
                    console.WriteLine($"Calibration: {(entry.Calibration is { } calibration ? "known for this file; " + calibration.Source : ModelWords.NotCalibrated + ".")}");
                }

                console.WriteLine(inUse ? "In use from the server's next start on." : $"To use it: facecloud models use {entry.Name}");
                if (change is not null)
                {
                    console.WriteLine(change);
                }
            });
    }
}
