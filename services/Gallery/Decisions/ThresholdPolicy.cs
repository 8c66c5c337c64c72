namespace FaceCloud.Gallery.Decisions;

/// <summary>
/// Which threshold decides: the request's cosine, the request's rate, the gallery's cosine, the gallery's rate,
/// the default rate; rates become cosines through the gallery's own calibration, or the model's. A search asks for more than a comparison,
/// since every person searched is one more chance to name a stranger, and every further photo of a person is part of one.
/// </summary>
public static class ThresholdPolicy
{
    /// <summary>1:1.</summary>
    /// <param name="request">Of the call.</param>
    /// <param name="gallery">Of the gallery's settings.</param>
    /// <param name="defaultRate">False accepts per claim when neither says.</param>
    /// <param name="basis">Asked only when a rate decides.</param>
    /// <param name="comparisons">What the claimed person's faces count for; one face: 1.</param>
    public static Threshold ForVerification(
        ThresholdWish request, ThresholdWish gallery, double defaultRate, Func<ThresholdBasis> basis, double comparisons = 1)
    {
        var (cosine, rate, source) = Choose(request, gallery, defaultRate);
        if (cosine is { } fixedValue)
        {
            return new Threshold { Value = fixedValue, Source = source };
        }

        var used = basis();
        var units = comparisons / used.Unit;
        var (value, extrapolated) = used.Table.At(ErrorRates.PerComparison(rate, units));
        return new Threshold
        {
            Value = value,
            Source = Source(source, used),
            FalseAcceptRate = rate,
            Comparisons = units,
            CalibrationVersion = used.Version,
            Extrapolated = extrapolated,
        };
    }

    /// <summary>
    /// 1:K. When neither request nor gallery says, a search of few persons asks no less than a verification would:
    /// whoever is named unasked must look at least as alike as the one who is claimed.
    /// </summary>
    /// <param name="request">Of the call.</param>
    /// <param name="gallery">Of the gallery's settings.</param>
    /// <param name="defaultRate">False positives per search when neither says.</param>
    /// <param name="defaultAcceptRate">False accepts per claim of a verification when nobody says.</param>
    /// <param name="persons">K: persons with faces in the gallery.</param>
    /// <param name="basis">Asked only when a rate decides.</param>
    /// <param name="comparisonsEach">What one person's faces count for, on average; one face: 1.</param>
    public static Threshold ForIdentification(
        ThresholdWish request,
        ThresholdWish gallery,
        double defaultRate,
        double defaultAcceptRate,
        long persons,
        Func<ThresholdBasis> basis,
        double comparisonsEach = 1)
    {
        var (cosine, rate, source) = Choose(request, gallery, defaultRate);
        if (cosine is { } fixedValue)
        {
            return new Threshold { Value = fixedValue, Source = source, GallerySize = persons };
        }

        var used = basis();
        var each = comparisonsEach / used.Unit;
        var units = Math.Max(persons, 1) * each;
        var perComparison = ErrorRates.PerComparison(rate, units);
        var asVerification = ErrorRates.PerComparison(defaultAcceptRate, each);
        if (source == ThresholdSource.ModelCalibration && perComparison > asVerification)
        {
            perComparison = asVerification;
            rate = ErrorRates.PerSearch(perComparison, units);
        }

        var (value, extrapolated) = used.Table.At(perComparison);
        return new Threshold
        {
            Value = value,
            Source = Source(source, used),
            FalseAcceptRate = perComparison,
            FalsePositiveRate = rate,
            GallerySize = persons,
            Comparisons = units,
            CalibrationVersion = used.Version,
            Extrapolated = extrapolated,
        };
    }

    private static ThresholdSource Source(ThresholdSource source, ThresholdBasis used) =>
        source == ThresholdSource.ModelCalibration && used.Version > 0 ? ThresholdSource.GalleryCalibration : source;

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
