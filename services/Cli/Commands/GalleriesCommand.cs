using System.CommandLine;
using FaceCloud.Cli.Output;
using Spectre.Console;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud galleries list | create | update | show | delete</c></summary>
internal static class GalleriesCommand
{
    public static Command Create(CommandRunner runner) =>
        new("galleries", "Galleries: containers of persons") { List(runner), New(runner), Update(runner), Show(runner), Delete(runner) };

    private static Command List(CommandRunner runner)
    {
        var command = new Command("list", "All galleries");
        runner.SetAction(command, async (_, client, cancellationToken) =>
        {
            var galleries = await client.ListGalleriesAsync(1000, cancellationToken).ToListAsync(cancellationToken);
            return new CommandResult(ExitCode.Success, new { Galleries = galleries.Select(Documents.Gallery).ToArray() }, console =>
            {
                var table = Terminal.Table(console, "gallery", "name", "persons", "faces", "model", "since");
                foreach (var gallery in galleries)
                {
                    Terminal.Row(
                        table,
                        gallery.GalleryId,
                        gallery.Name,
                        $"{gallery.PersonCount}",
                        $"{gallery.FaceCount}",
                        gallery.EmbeddingContract,
                        Words.Time(gallery.CreatedAt));
                }

                console.Write(table);
            });
        });
        return command;
    }

    private static Command New(CommandRunner runner)
    {
        var id = CommonOptions.Id("gallery");
        var name = new Option<string?>("--name") { Description = "Name for people", HelpName = "text" };
        var settings = new SettingsOptions();
        var command = new Command("create", "Makes a gallery") { id, name };
        settings.AddTo(command);
        runner.SetAction(command, async (parsed, client, cancellationToken) => One(await client.CreateGalleryAsync(
            parsed.GetRequiredValue(id), parsed.GetValue(name), settings.Over(parsed, new V1.GallerySettings()), cancellationToken)));
        return command;
    }

    private static Command Update(CommandRunner runner)
    {
        var id = CommonOptions.Id("gallery");
        var name = new Option<string?>("--name") { Description = "Name for people", HelpName = "text" };
        var defaults = new Option<bool>("--defaults") { Description = "First forget all settings; they follow the calibration again" };
        var settings = new SettingsOptions();
        var command = new Command("update", "Changes name or settings; what is not given stays") { id, name, defaults };
        settings.AddTo(command);
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var galleryId = parsed.GetRequiredValue(id);
            var before = parsed.GetValue(defaults) ? null : (await client.GetGalleryAsync(galleryId, cancellationToken)).Settings;
            return One(await client.UpdateGalleryAsync(
                galleryId, parsed.GetValue(name), settings.Over(parsed, before ?? new V1.GallerySettings()), cancellationToken));
        });
        return command;
    }

    private static Command Show(CommandRunner runner)
    {
        var id = CommonOptions.Id("gallery");
        var command = new Command("show", "One gallery with its settings") { id };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
            One(await client.GetGalleryAsync(parsed.GetRequiredValue(id), cancellationToken)));
        return command;
    }

    private static Command Delete(CommandRunner runner)
    {
        var id = CommonOptions.Id("gallery");
        var command = new Command("delete", "Deletes a gallery with all persons and faces") { id };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var galleryId = parsed.GetRequiredValue(id);
            await client.DeleteGalleryAsync(galleryId, cancellationToken);
            return Deleted.Result("galleryId", galleryId);
        });
        return command;
    }

    private static CommandResult One(V1.Gallery gallery) =>
        new(ExitCode.Success, new { Gallery = Documents.Gallery(gallery) }, console =>
        {
            var settings = gallery.Settings ?? new V1.GallerySettings();
            var table = Terminal.Table(console, "field", "value");
            Terminal.Row(table, "gallery", gallery.GalleryId);
            Terminal.Row(table, "name", gallery.Name);
            Terminal.Row(table, "persons", $"{gallery.PersonCount}");
            Terminal.Row(table, "faces", $"{gallery.FaceCount}");
            Terminal.Row(table, "model", gallery.EmbeddingContract);
            Terminal.Row(table, "since", Words.Time(gallery.CreatedAt));
            Add("verify threshold", settings.HasVerifyThreshold, settings.VerifyThreshold);
            Add("identify threshold", settings.HasIdentifyThreshold, settings.IdentifyThreshold);
            Add("max false accept rate", settings.HasMaxFalseAcceptRate, settings.MaxFalseAcceptRate);
            Add("max false positive rate", settings.HasMaxFalsePositiveRate, settings.MaxFalsePositiveRate);
            Add("ambiguity margin", settings.HasAmbiguityMargin, settings.AmbiguityMargin);
            Add("min quality", settings.HasMinQuality, settings.MinQuality);
            if (settings.Scoring != V1.PersonScoring.Unspecified)
            {
                Terminal.Row(table, "scoring", Words.Of(settings.Scoring));
            }

            Add("mean of best", settings.HasMeanOfBest, settings.MeanOfBest);
            Add("calibration", gallery.ActiveCalibration > 0, gallery.ActiveCalibration);
            console.Write(table);

            void Add(string name, bool isSet, double value)
            {
                if (isSet)
                {
                    Terminal.Row(table, name, $"{value:0.########}");
                }
            }
        });
}
