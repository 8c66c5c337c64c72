using FaceCloud.Contracts;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using Google.Protobuf.WellKnownTypes;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class GalleryMapping
{
    private const int MaxNameLength = 200;
    private const int MaxMeanOfBest = 20;

    public static GalleryRow ToRow(V1.CreateGalleryRequest request, DateTimeOffset now)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        Ids.CheckText("name", request.Name, MaxNameLength);
        var row = new GalleryRow { TenantId = key.TenantId, GalleryId = key.GalleryId, Name = request.Name, CreatedAt = now };
        Apply(Check(request.Settings ?? new V1.GallerySettings()), row);
        return row;
    }

    /// <summary>What the request changes, checked before anything is read.</summary>
    public static Action<GalleryRow> ToChange(V1.UpdateGalleryRequest request)
    {
        if (request.HasName)
        {
            Ids.CheckText("name", request.Name, MaxNameLength);
        }

        var settings = request.Settings is null ? null : Check(request.Settings);
        return row =>
        {
            if (request.HasName)
            {
                row.Name = request.Name;
            }

            if (settings is not null)
            {
                Apply(settings, row);
            }
        };
    }

    public static V1.Gallery ToProto(GallerySummary summary) => new()
    {
        GalleryId = summary.Gallery.GalleryId,
        Name = summary.Gallery.Name,
        Settings = ToSettings(summary.Gallery),
        EmbeddingContract = summary.Gallery.EmbeddingContract,
        PersonCount = summary.Persons,
        FaceCount = summary.Faces,
        CreatedAt = summary.Gallery.CreatedAt.ToTimestamp(),
        ActiveCalibration = summary.Gallery.ActiveCalibration ?? 0,
    };

    private static V1.GallerySettings ToSettings(GalleryRow row)
    {
        var settings = new V1.GallerySettings();
        Set(row.VerifyThreshold, value => settings.VerifyThreshold = value);
        Set(row.IdentifyThreshold, value => settings.IdentifyThreshold = value);
        Set(row.MaxFalseAcceptRate, value => settings.MaxFalseAcceptRate = value);
        Set(row.MaxFalsePositiveRate, value => settings.MaxFalsePositiveRate = value);
        Set(row.AmbiguityMargin, value => settings.AmbiguityMargin = value);
        Set(row.MinQuality, value => settings.MinQuality = value);
        Set(row.Scoring, value => settings.Scoring = (V1.PersonScoring)value);
        Set(row.MeanOfBest, value => settings.MeanOfBest = value);
        return settings;

        static void Set<T>(T? value, Action<T> set)
            where T : struct
        {
            if (value is { } given)
            {
                set(given);
            }
        }
    }

    private static V1.GallerySettings Check(V1.GallerySettings settings)
    {
        if (settings.HasVerifyThreshold)
        {
            RequestChecks.Cosine(settings.VerifyThreshold, "settings.verify_threshold");
        }

        if (settings.HasIdentifyThreshold)
        {
            RequestChecks.Cosine(settings.IdentifyThreshold, "settings.identify_threshold");
        }

        if (settings.HasMaxFalseAcceptRate)
        {
            RequestChecks.Rate(settings.MaxFalseAcceptRate, "settings.max_false_accept_rate");
        }

        if (settings.HasMaxFalsePositiveRate)
        {
            RequestChecks.Rate(settings.MaxFalsePositiveRate, "settings.max_false_positive_rate");
        }

        if (settings.HasAmbiguityMargin)
        {
            RequestChecks.Share(settings.AmbiguityMargin, "settings.ambiguity_margin");
        }

        if (settings.HasMinQuality)
        {
            RequestChecks.Share(settings.MinQuality, "settings.min_quality");
        }

        if (!System.Enum.IsDefined(settings.Scoring))
        {
            throw RequestChecks.Invalid("settings.scoring must be PERSON_SCORING_BEST_FACE, PERSON_SCORING_MEAN_OF_BEST or PERSON_SCORING_CENTROID.");
        }

        if (settings.HasMeanOfBest && !(settings.Scoring == V1.PersonScoring.MeanOfBest && settings.MeanOfBest is >= 2 and <= MaxMeanOfBest))
        {
            throw RequestChecks.Invalid($"settings.mean_of_best must be 2 to {MaxMeanOfBest}, and goes with PERSON_SCORING_MEAN_OF_BEST only.");
        }

        return settings;
    }

    private static void Apply(V1.GallerySettings settings, GalleryRow row)
    {
        row.VerifyThreshold = settings.HasVerifyThreshold ? settings.VerifyThreshold : null;
        row.IdentifyThreshold = settings.HasIdentifyThreshold ? settings.IdentifyThreshold : null;
        row.MaxFalseAcceptRate = settings.HasMaxFalseAcceptRate ? settings.MaxFalseAcceptRate : null;
        row.MaxFalsePositiveRate = settings.HasMaxFalsePositiveRate ? settings.MaxFalsePositiveRate : null;
        row.AmbiguityMargin = settings.HasAmbiguityMargin ? settings.AmbiguityMargin : null;
        row.MinQuality = settings.HasMinQuality ? settings.MinQuality : null;
        row.Scoring = settings.Scoring == V1.PersonScoring.Unspecified ? null : (PersonScoring)settings.Scoring;
        row.MeanOfBest = settings.HasMeanOfBest ? settings.MeanOfBest : null;
    }
}
