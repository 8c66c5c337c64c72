using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Tests.Store;

public sealed class CalibrationStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(GalleryStoreTests.Engines), MemberType = typeof(GalleryStoreTests))]
    public async Task AddCalibration_ThenFind_GivesItBack(Engine engine)
    {
        await using var fixture = await FilledAsync(engine);
        var measured = Measured(fixture) with { Head = Head, HeadNote = "fitted" };

        var (gallery, added) = await fixture.Store.AddCalibrationAsync(fixture.Gallery, measured, await CreatedAsync(fixture), activate: true, kept: 5, Token);
        var found = await fixture.Store.FindActiveCalibrationAsync(gallery, Token);

        Assert.Equal((1, 1), (added.Version, gallery.ActiveCalibration));
        Assert.NotNull(found);
        Assert.Equal((measured.Points[0], measured.Rule, measured.CreatedAt, 1), (found.Points[0], found.Rule, found.CreatedAt, found.Version));
        Assert.True(double.IsNaN(found.Points[1].TrueAcceptRate));
        Assert.Equal(Head.Weights, found.Head!.Weights);
    }

    [Theory]
    [MemberData(nameof(GalleryStoreTests.Engines), MemberType = typeof(GalleryStoreTests))]
    public async Task AddCalibration_MoreThanAreKept_OldestGoButNotTheActive(Engine engine)
    {
        await using var fixture = await FilledAsync(engine);
        var created = await CreatedAsync(fixture);
        await fixture.Store.AddCalibrationAsync(fixture.Gallery, Measured(fixture), created, activate: true, kept: 3, Token);
        for (var i = 0; i < 4; i++)
        {
            await fixture.Store.AddCalibrationAsync(fixture.Gallery, Measured(fixture), created, activate: false, kept: 3, Token);
        }

        var (gallery, listed) = await fixture.Store.ListCalibrationsAsync(fixture.Gallery, Token);

        Assert.Equal(1, gallery.ActiveCalibration);
        Assert.Equal([5, 4, 3, 1], listed.Select(calibration => calibration.Version));
    }

    [Theory]
    [MemberData(nameof(GalleryStoreTests.Engines), MemberType = typeof(GalleryStoreTests))]
    public async Task AddCalibration_GalleryDeletedMeanwhile_GalleryNotFound(Engine engine)
    {
        await using var fixture = await FilledAsync(engine);
        var (measured, created) = (Measured(fixture), await CreatedAsync(fixture));
        await fixture.Store.DeleteGalleryAsync(fixture.Gallery, Token);

        var gone = await Assert.ThrowsAsync<FailureException>(() =>
            fixture.Store.AddCalibrationAsync(fixture.Gallery, measured, created, activate: true, kept: 3, Token));
        fixture.Clock.Turn(TimeSpan.FromSeconds(1));
        await fixture.CreateGalleryAsync();
        var another = await Assert.ThrowsAsync<FailureException>(() =>
            fixture.Store.AddCalibrationAsync(fixture.Gallery, measured, created, activate: true, kept: 3, Token));

        Assert.Equal((FailureReason.GalleryNotFound, FailureReason.GalleryNotFound), (gone.Reason, another.Reason));
        Assert.Empty((await fixture.Store.ListCalibrationsAsync(fixture.Gallery, Token)).Calibrations);
    }

    [Theory]
    [MemberData(nameof(GalleryStoreTests.Engines), MemberType = typeof(GalleryStoreTests))]
    public async Task FindActiveCalibration_OtherContractThanTheGallerys_IsNotUsed(Engine engine)
    {
        await using var fixture = await FilledAsync(engine);
        var (gallery, _) = await fixture.Store.AddCalibrationAsync(fixture.Gallery, Measured(fixture), await CreatedAsync(fixture), activate: true, kept: 3, Token);
        gallery.EmbeddingContract = "other:ffffffffffff";

        Assert.Null(await fixture.Store.FindActiveCalibrationAsync(gallery, Token));
        var refused = await Assert.ThrowsAsync<FailureException>(async () => await fixture.Store.AddCalibrationAsync(
            fixture.Gallery, Measured(fixture) with { EmbeddingContract = "other:ffffffffffff" }, await CreatedAsync(fixture), activate: true, kept: 3, Token));

        Assert.Equal(FailureReason.CalibrationInvalid, refused.Reason);
    }

    private static VerifierHead Head => new()
    {
        Kind = VerifierHeadKind.Cosine,
        EmbeddingContract = TestFaces.Contract,
        Weights = [12.5f],
        Bias = -4.25,
        Prior = 0.5,
        Source = "test",
    };

    private static async Task<StoreFixture> FilledAsync(Engine engine)
    {
        var fixture = await StoreFixture.WithGalleryAsync(engine);
        var acceptance = (await fixture.Store.BeginEnrolmentAsync(fixture.Gallery, "ada", Token)).Acceptance;
        await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(acceptance)], Token);
        return fixture;
    }

    private static async Task<DateTimeOffset> CreatedAsync(StoreFixture fixture) => (await fixture.Store.GetGalleryAsync(fixture.Gallery, Token)).CreatedAt;

    private static GalleryCalibration Measured(StoreFixture fixture) => new()
    {
        EmbeddingContract = TestFaces.Contract,
        Rule = ScoringRule.BestFace,
        CreatedAt = fixture.Clock.GetUtcNow(),
        Persons = 60,
        PersonsOfGallery = 60,
        Faces = 60,
        GenuinePersons = 0,
        GenuineComparisons = 0,
        ImpostorComparisons = 3540,
        ComparisonsEach = 1,
        Points = [Point(1e-1, 0.9), Point(1e-2, double.NaN)],
        HeadNote = "none",
    };

    private static OperatingPoint Point(double rate, double trueAccepts) => new()
    {
        FalseAcceptRate = rate,
        Threshold = 0.3f,
        ThresholdInterval = new CalibrationInterval(0.25, 0.35),
        TrueAcceptRate = trueAccepts,
        TrueAcceptInterval = new CalibrationInterval(trueAccepts, trueAccepts),
        TrueAcceptRateOfPairs = trueAccepts,
        FalseAccepts = 35,
        PersonPairs = 20,
        Refusal = null,
    };
}
