using System.CommandLine;

namespace FaceCloud.Cli.Commands;

/// <summary>Arguments and options that several commands take.</summary>
internal static class CommonOptions
{
    public const string DefaultGallery = "default";

    public static Option<string> Gallery() => new("--gallery")
    {
        Description = "Id of the gallery",
        HelpName = "id",
        DefaultValueFactory = _ => DefaultGallery,
    };

    public static Argument<string[]> Photos() => new("photo")
    {
        Description = "Photos: JPEG, PNG, WebP, GIF or TIFF",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Argument<string> Id(string of) => new("id") { Description = $"Id of the {of}" };

    public static Option<float?> Threshold()
    {
        var option = new Option<float?>("--threshold") { Description = "Cosine from which on it is a match, -1..1", HelpName = "cosine" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<float?>() is not (null or (>= -1 and <= 1)))
            {
                result.AddError("--threshold is a cosine from -1 to 1.");
            }
        });
        return option;
    }

    public static Option<double?> Rate(string name, string description)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "rate" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and < 1)))
            {
                result.AddError($"{name} is a rate between 0 and 1, such as 0.001.");
            }
        });
        return option;
    }

    public static Option<int?> Count(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "n" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is <= 0)
            {
                result.AddError($"{name} is a number from 1 on.");
            }
        });
        return option;
    }

    /// <summary>At most one of the options may be given.</summary>
    public static void AtMostOne(Command command, Option first, Option second) =>
        command.Validators.Add(result =>
        {
            if (result.GetResult(first) is { Implicit: false } && result.GetResult(second) is { Implicit: false })
            {
                result.AddError($"Give {first.Name} or {second.Name}, not both.");
            }
        });
}
