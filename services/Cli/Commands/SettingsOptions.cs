using System.CommandLine;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Commands;

/// <summary>A gallery's settings as options: how sure to be, when in doubt, which faces, and how several faces of a person count.</summary>
internal sealed class SettingsOptions
{
    private static readonly Dictionary<string, PersonScoring> Scorings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["best"] = PersonScoring.BestFace,
        ["mean"] = PersonScoring.MeanOfBest,
        ["centroid"] = PersonScoring.Centroid,
    };

    private readonly Option<float?> _verify = Named(CommonOptions.Threshold(), "--verify-threshold", "Cosine from which on verify matches, -1..1");
    private readonly Option<float?> _identify = Named(CommonOptions.Threshold(), "--identify-threshold", "Cosine from which on identify names, whatever the gallery's size, -1..1");
    private readonly Option<double?> _acceptRate = CommonOptions.Rate("--max-far", "Share of wrong claims that verify may accept");
    private readonly Option<double?> _positiveRate = CommonOptions.Rate("--max-fpir", "Share of strangers whom identify may name");
    private readonly Option<float?> _margin = CommonOptions.Share("--margin", "Two persons above the threshold closer than this are AMBIGUOUS, 0..1");
    private readonly Option<float?> _quality = CommonOptions.Share("--min-quality", "Quality asked of enrolled faces, 0..1; 0 takes every face");
    private readonly Option<PersonScoring?> _scoring = new("--scoring")
    {
        Description = "How several faces of a person count: best, mean or centroid",
        HelpName = "best|mean|centroid",
        CustomParser = result =>
        {
            if (Scorings.TryGetValue(result.Tokens[0].Value, out var scoring))
            {
                return scoring;
            }

            result.AddError($"'{result.Tokens[0].Value}' does not fit --scoring: give best, mean or centroid.");
            return null;
        },
    };

    private readonly Option<int?> _meanOfBest = CommonOptions.Count("--mean-of", "Faces of the mean, with --scoring mean (2..20)");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _verify, _identify, _acceptRate, _positiveRate, _margin, _quality, _scoring, _meanOfBest })
        {
            command.Options.Add(option);
        }

        CommonOptions.AtMostOne(command, _verify, _acceptRate);
        CommonOptions.AtMostOne(command, _identify, _positiveRate);
    }

    /// <summary>What was given, over what there is. A cosine takes the place of a rate, and the other way round.</summary>
    public GallerySettings Over(ParseResult parsed, GallerySettings before)
    {
        var settings = before.Clone();
        if (parsed.GetValue(_verify) is { } verify)
        {
            settings.VerifyThreshold = verify;
            settings.ClearMaxFalseAcceptRate();
        }

        if (parsed.GetValue(_acceptRate) is { } acceptRate)
        {
            settings.MaxFalseAcceptRate = acceptRate;
            settings.ClearVerifyThreshold();
        }

        if (parsed.GetValue(_identify) is { } identify)
        {
            settings.IdentifyThreshold = identify;
            settings.ClearMaxFalsePositiveRate();
        }

        if (parsed.GetValue(_positiveRate) is { } positiveRate)
        {
            settings.MaxFalsePositiveRate = positiveRate;
            settings.ClearIdentifyThreshold();
        }

        if (parsed.GetValue(_margin) is { } margin)
        {
            settings.AmbiguityMargin = margin;
        }

        if (parsed.GetValue(_quality) is { } quality)
        {
            settings.MinQuality = quality;
        }

        if (parsed.GetValue(_scoring) is { } scoring)
        {
            settings.Scoring = scoring;
            if (scoring != PersonScoring.MeanOfBest)
            {
                settings.ClearMeanOfBest();
            }
        }

        if (parsed.GetValue(_meanOfBest) is { } meanOfBest)
        {
            settings.MeanOfBest = meanOfBest;
        }

        return settings;
    }

    private static Option<float?> Named(Option<float?> like, string name, string description) => new(name)
    {
        Description = description,
        HelpName = like.HelpName,
        CustomParser = like.CustomParser,
    };
}
