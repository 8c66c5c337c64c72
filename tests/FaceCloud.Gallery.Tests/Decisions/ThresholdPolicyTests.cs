using FaceCloud.Gallery.Decisions;

namespace FaceCloud.Gallery.Tests.Decisions;

public sealed class ThresholdPolicyTests
{
    private const double DefaultRate = 1e-2;
    private const double DefaultAcceptRate = 1e-3;

    private static readonly ThresholdBasis Table = new(new([new(1e-2, 0.3f), new(1e-3, 0.4f), new(1e-4, 0.46f)]), Unit: 1, Version: 0);
    private static readonly ThresholdBasis Own = Table with { Unit = 2.5, Version = 3 };

    [Fact]
    public void ForVerification_NothingSaid_UsesDefaultRate()
    {
        var threshold = ThresholdPolicy.ForVerification(default, default, 1e-3, () => Table);

        Assert.Equal(new Threshold { Value = 0.4f, Source = ThresholdSource.ModelCalibration, FalseAcceptRate = 1e-3, Comparisons = 1 }, threshold);
    }

    [Fact]
    public void ForVerification_EverythingSaid_RequestCosineWins()
    {
        var threshold = ThresholdPolicy.ForVerification(new(0.55f, 1e-4), new(0.5f, 1e-2), 1e-3, () => Table);

        Assert.Equal(new Threshold { Value = 0.55f, Source = ThresholdSource.Request }, threshold);
    }

    [Fact]
    public void ForVerification_RequestRateAndGallery_RequestRateWins()
    {
        var threshold = ThresholdPolicy.ForVerification(new(null, 1e-4), new(0.5f, 1e-2), 1e-3, () => Table);

        Assert.Equal(new Threshold { Value = 0.46f, Source = ThresholdSource.RequestRate, FalseAcceptRate = 1e-4, Comparisons = 1 }, threshold);
    }

    [Fact]
    public void ForVerification_GalleryCosineAndRate_CosineWins()
    {
        var threshold = ThresholdPolicy.ForVerification(default, new(0.5f, 1e-2), 1e-3, () => Table);

        Assert.Equal(new Threshold { Value = 0.5f, Source = ThresholdSource.Gallery }, threshold);
    }

    [Fact]
    public void ForVerification_GalleryRate_GoesBeforeDefault()
    {
        var threshold = ThresholdPolicy.ForVerification(default, new(null, 1e-2), 1e-3, () => Table);

        Assert.Equal(new Threshold { Value = 0.3f, Source = ThresholdSource.GalleryRate, FalseAcceptRate = 1e-2, Comparisons = 1 }, threshold);
    }

    [Fact]
    public void ForVerification_CosineGiven_NeedsNoCalibration()
    {
        var threshold = ThresholdPolicy.ForVerification(new(0.5f, null), default, 1e-3, () => throw new ArgumentException("A model without calibration."));

        Assert.Equal(0.5f, threshold.Value);
    }

    // FAR = 1 - 0.99^(1/60) = 1.674916e-4; log10 = -3.776007; 0.4 + 0.776007 * 0.06 = 0.446560.
    [Fact]
    public void ForIdentification_SixtyPersonsAtOnePercent_RaisesThreshold()
    {
        var threshold = ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, 60, () => Table);

        Assert.Equal(0.446560f, threshold.Value, 1e-6f);
        Assert.Equal(ThresholdSource.ModelCalibration, threshold.Source);
        Assert.Equal(1.6749157e-4, threshold.FalseAcceptRate, 1e-11);
        Assert.Equal(0.01, threshold.FalsePositiveRate);
        Assert.Equal(60, threshold.GallerySize);
        Assert.False(threshold.Extrapolated);
    }

    [Fact]
    public void ForIdentification_OnePerson_AsksAsMuchAsVerificationAtThatRate()
    {
        var search = ThresholdPolicy.ForIdentification(new(null, 1e-3), default, DefaultRate, DefaultAcceptRate, 1, () => Table);
        var comparison = ThresholdPolicy.ForVerification(new(null, 1e-3), default, DefaultRate, () => Table);

        Assert.Equal(comparison.Value, search.Value, 1e-6f);
    }

    // 1 % per search of 3 persons would be FAR 3.3e-3, below what a verification asks; FPIR = 1 - 0.999^3 = 2.997001e-3.
    [Fact]
    public void ForIdentification_FewPersonsNothingSaid_AsksNoLessThanVerification()
    {
        var threshold = ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, 3, () => Table);

        Assert.Equal(0.4f, threshold.Value, 1e-6f);
        Assert.Equal(1e-3, threshold.FalseAcceptRate);
        Assert.Equal(2.997001e-3, threshold.FalsePositiveRate, 1e-9);
        Assert.Equal(ThresholdSource.ModelCalibration, threshold.Source);
    }

    [Fact]
    public void ForIdentification_FewPersonsRateAsked_IsTakenAtItsWord()
    {
        var threshold = ThresholdPolicy.ForIdentification(new(null, 1e-2), default, DefaultRate, DefaultAcceptRate, 1, () => Table);

        Assert.Equal(0.3f, threshold.Value, 1e-6f);
        Assert.Equal(1e-2, threshold.FalsePositiveRate);
    }

    [Fact]
    public void ForIdentification_LargerGallery_NeverAsksLess()
    {
        long[] sizes = [0, 1, 2, 10, 60, 1000, 100_000, 10_000_000, 10_000_000_000];

        var values = sizes.Select(size => ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, size, () => Table).Value).ToList();

        Assert.Equal(values.Order(), values);
        Assert.True(values[^1] < 1);
    }

    [Fact]
    public void ForIdentification_TenThousandPersons_SaysExtrapolated()
    {
        var threshold = ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, 10_000, () => Table);

        Assert.True(threshold.Extrapolated);
        Assert.True(threshold.Value > 0.46f);
    }

    [Fact]
    public void ForIdentification_CosineOfGallery_IsKeptWhateverTheSize()
    {
        var threshold = ThresholdPolicy.ForIdentification(default, new(0.5f, 1e-3), DefaultRate, DefaultAcceptRate, 60, () => Table);

        Assert.Equal(new Threshold { Value = 0.5f, Source = ThresholdSource.Gallery, GallerySize = 60 }, threshold);
    }

    // FAR = 1 - 0.99^(1/150) = 6.7001e-5; one and a bit decades beyond 1e-3: 0.4 + 1.173918 * 0.06 = 0.470435, beyond the table.
    [Fact]
    public void ForIdentification_PersonsWithSeveralFaces_CountMore()
    {
        var threshold = ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, 60, () => Table, 2.5);

        Assert.Equal(0.470435f, threshold.Value, 1e-5f);
        Assert.Equal((150, 60L, true), (threshold.Comparisons, threshold.GallerySize, threshold.Extrapolated));
    }

    [Fact]
    public void ForVerification_PersonWithSeveralFaces_AsksForMore()
    {
        var one = ThresholdPolicy.ForVerification(default, default, 1e-3, () => Table);
        var several = ThresholdPolicy.ForVerification(default, default, 1e-3, () => Table, 2.5);

        // A rate of 4e-4 each.
        Assert.Equal(0.4f, one.Value, 1e-6f);
        Assert.Equal(0.42387f, several.Value, 1e-4f);
        Assert.Equal((1e-3, 2.5), (several.FalseAcceptRate, several.Comparisons));
    }

    [Fact]
    public void ForIdentification_GallerysOwnCalibration_CountsPersonsAsTheyWereMeasured()
    {
        var measured = ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, 60, () => Own, 2.5);
        var grown = ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, 60, () => Own, 5);
        var asked = ThresholdPolicy.ForIdentification(new(null, 1e-2), default, DefaultRate, DefaultAcceptRate, 60, () => Own, 2.5);

        Assert.Equal((0.446560f, ThresholdSource.GalleryCalibration, 3, 60.0), (MathF.Round(measured.Value, 6), measured.Source, measured.CalibrationVersion, measured.Comparisons));
        Assert.Equal(120, grown.Comparisons);
        Assert.True(grown.Value > measured.Value);
        Assert.Equal((measured.Value, ThresholdSource.RequestRate, 3), (asked.Value, asked.Source, asked.CalibrationVersion));
    }

    [Fact]
    public void ForIdentification_FewPersonsWithSeveralFaces_AsksNoLessThanVerificationOfThem()
    {
        var search = ThresholdPolicy.ForIdentification(default, default, DefaultRate, DefaultAcceptRate, 1, () => Own, 2.5);
        var claim = ThresholdPolicy.ForVerification(default, default, DefaultAcceptRate, () => Own, 2.5);

        Assert.Equal(claim.Value, search.Value, 1e-6f);
        Assert.Equal(1e-3, search.FalsePositiveRate, 1e-12);
    }
}
