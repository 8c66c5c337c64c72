using System.CommandLine;
using System.Globalization;
using System.Numerics;
using FaceCloud.Cli.Output;

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

    public static Option<float?> Threshold() => Cosine("--threshold", "Cosine from which on it is a match, -1..1");

    public static Option<float?> Cosine(string name, string description) =>
        Number<float>(name, description, "cosine", value => value is >= -1 and <= 1, "a cosine from -1 to 1");

    public static Option<double?> Positive(string name, string description) =>
        Number<double>(name, description, "n", value => value is > 0 and < 1e6, "a number above 0");

    public static Option<double?> Rate(string name, string description) =>
        Number<double>(name, description, "rate", value => value is > 0 and < 1, "a rate between 0 and 1, such as 0.001");

    public static Option<int?> Count(string name, string description) =>
        Number<int>(name, description, "n", value => value > 0, "a whole number from 1 on");

    public static Option<float?> Share(string name, string description) =>
        Number<float>(name, description, "share", value => value is >= 0 and <= 1, "a number from 0 to 1");

    /// <summary>A word of the protocol, in either case; the enum's zero when it is not given.</summary>
    public static Option<TEnum> Word<TEnum>(string name, string description)
        where TEnum : struct, Enum
    {
        var words = Enum.GetValues<TEnum>().Where(value => !value.Equals(default(TEnum))).ToDictionary(value => Words.Of(value).ToLowerInvariant());
        var list = string.Join(", ", words.Keys);
        return new Option<TEnum>(name)
        {
            Description = $"{description}: {list}",
            HelpName = "word",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (words.TryGetValue(text.Replace('-', '_').ToLowerInvariant(), out var value))
                {
                    return value;
                }

                result.AddError($"'{text}' does not fit {name}: give one of {list}.");
                return default;
            },
        };
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

    private static Option<T?> Number<T>(string name, string description, string helpName, Predicate<T> isGood, string good)
        where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var value) && isGood(value))
                {
                    return value;
                }

                result.AddError($"'{text}' does not fit {name}: give {good}.");
                return null;
            },
        };
}
