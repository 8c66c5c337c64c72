namespace FaceCloud.Gallery.Decisions;

/// <summary>
/// Which threshold decides: the request's cosine, the request's rate, the gallery's cosine, the gallery's rate,
/// the default rate; rates become cosines through the model's calibration. A search asks for more than a comparison,
/// since every person searched is one more chance to name a stranger.
/// </summary>
public static class ThresholdPolicy
{
    /// <summary>1:1.</summary>
    /// <param name="request">Of the call.</param>
    /// <param name="gallery">Of the gallery's settings.</param>
    /// <param name="defaultRate">False accepts per comparison when neither says.</param>
    /// <param name="calibration">Asked only when a rate decides.</param>
    public static Threshold ForVerification(ThresholdWish request, ThresholdWish gallery, double defaultRate, Func<CalibrationTable> calibration)
    {
        var (cosine, rate, source) = Choose(request, gallery, defaultRate);
        if (cosine is { } fixedValue)
        {
            return new Threshold { Value = fixedValue, Source = source };
        }

        var (value, extrapolated) = calibration().At(rate);
        return new Threshold { Value = value, Source = source, FalseAcceptRate = rate, Extrapolated = extrapolated };
    }

    /// <summary>
    /// 1:K. When neither request nor gallery says, a search of few persons asks no less than a verification would:
    /// whoever is named unasked must look at least as alike as the one who is claimed.
    /// </summary>
    /// <param name="request">Of the call.</param>
    /// <param name="gallery">Of the gallery's settings.</param>
    /// <param name="defaultRate">False positives per search when neither says.</param>
    /// <param name="defaultAcceptRate">False accepts per comparison of a verification when nobody says.</param>
    /// <param name="persons">K: persons with faces in the gallery.</param>
    /// <param name="calibration">Asked only when a rate decides.</param>
    public static Threshold ForIdentification(
        ThresholdWish request, ThresholdWish gallery, double defaultRate, double defaultAcceptRate, long persons, Func<CalibrationTable> calibration)
    {
        var (cosine, rate, source) = Choose(request, gallery, defaultRate);
        if (cosine is { } fixedValue)
        {
            return new Threshold { Value = fixedValue, Source = source, GallerySize = persons };
        }

        var perComparison = ErrorRates.PerComparison(rate, persons);
        if (source == ThresholdSource.ModelCalibration && perComparison > defaultAcceptRate)
        {
            perComparison = defaultAcceptRate;
            rate = ErrorRates.PerSearch(perComparison, persons);
        }

        var (value, extrapolated) = calibration().At(perComparison);
        return new Threshold
        {
            Value = value,
            Source = source,
            FalseAcceptRate = perComparison,
            FalsePositiveRate = rate,
            GallerySize = persons,
            Extrapolated = extrapolated,
        };
    }

    private static (float? Cosine, double Rate, ThresholdSource Source) Choose(ThresholdWish request, ThresholdWish gallery, double defaultRate) =>
        (request, gallery) switch
        {
            ({ Cosine: { } cosine }, _) => (cosine, 0, ThresholdSource.Request),
            ({ Rate: { } rate }, _) => (null, rate, ThresholdSource.RequestRate),
            (_, { Cosine: { } cosine }) => (cosine, 0, ThresholdSource.Gallery),
            (_, { Rate: { } rate }) => (null, rate, ThresholdSource.GalleryRate),
            _ => (null, defaultRate, ThresholdSource.ModelCalibration),
        };
}
