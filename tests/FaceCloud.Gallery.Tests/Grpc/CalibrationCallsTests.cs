using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

public sealed class CalibrationCallsTests
{
    private static readonly CalibrateGalleryRequest Request = new() { GalleryId = GalleryHost.Staff };

    [Fact]
    public async Task CalibrateGallery_ManyPersons_DecidesByItAndSaysSo()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 3);
        var probe = GalleryHost.EmbeddingProbe(Persons(60, 3)[0][0]);
        var before = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = probe });

        var run = await host.Client.CalibrateGalleryAsync(Request);
        var after = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = probe });
        var claim = await host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "p0", Probe = probe });
        var gallery = await host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = GalleryHost.Staff });

        var calibration = run.Calibration;
        Assert.Equal((1, CalibrationState.Active, TestFaces.Contract, 1), (calibration.Version, calibration.State, calibration.EmbeddingContract, gallery.ActiveCalibration));
        Assert.Equal((60, 60, 180, 60, 180L, 10_620L), (calibration.Persons, calibration.PersonsOfGallery, calibration.Faces, calibration.GenuinePersons, calibration.GenuineComparisons, calibration.ImpostorComparisons));
        Assert.Equal([0.1, 0.03, 0.01], calibration.Rates.Take(3).Select(rate => rate.FalseAcceptRate));
        Assert.All(calibration.Rates.SkipLast(1), rate =>
        {
            Assert.Empty(rate.Refusal);
            Assert.InRange(rate.Threshold, rate.ThresholdInterval.Low - 1e-3, rate.ThresholdInterval.High + 1e-3);
            Assert.InRange(rate.TrueAcceptRate, rate.TrueAcceptInterval.Low, rate.TrueAcceptInterval.High);
        });
        Assert.Contains("not enough", calibration.Rates[^1].Refusal, StringComparison.Ordinal);
        Assert.Equal((ThresholdSource.ModelCalibration, 0), (before.Threshold.Source, before.Threshold.CalibrationVersion));
        Assert.Equal((ThresholdSource.GalleryCalibration, 1), (after.Threshold.Source, after.Threshold.CalibrationVersion));
        Assert.Equal((run.IdentifyThreshold.Value, run.IdentifyThresholdOfModel.Value), (after.Threshold.Value, before.Threshold.Value));
        Assert.Equal(60, after.Threshold.Comparisons, 1e-9);
        Assert.Equal((ThresholdSource.GalleryCalibration, run.VerifyThreshold.Value), (claim.Threshold.Source, claim.Threshold.Value));
    }

    [Fact]
    public async Task CalibrateGallery_EnoughFaces_ProbabilitiesComeFromItsOwnHead()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 3);
        var request = new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "p0", Probe = GalleryHost.EmbeddingProbe(Persons(60, 3)[0][0]) };
        var before = await host.Client.VerifyAsync(request);

        var run = await host.Client.CalibrateGalleryAsync(Request);
        var after = await host.Client.VerifyAsync(request);
        var search = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = request.Probe, IncludeBelowThreshold = true, MaxCandidates = 3 });

        Assert.False(before.HasProbability);
        Assert.True(run.Calibration.HasHead, run.Calibration.HeadNote);
        Assert.InRange(after.Probability, 0.9f, 1);
        Assert.Equal(after.Probability, search.Faces[0].Candidates[0].Probability, 1e-6f);
        Assert.All(search.Faces[0].Candidates.Skip(1), candidate => Assert.True(candidate.HasProbability && candidate.Probability < after.Probability));
    }

    [Fact]
    public async Task CalibrateGallery_Twice_GivesTheSameNumbersUnderAnotherVersion()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 2);

        var first = (await host.Client.CalibrateGalleryAsync(Request)).Calibration;
        var second = (await host.Client.CalibrateGalleryAsync(Request)).Calibration;

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal(first.Rates, second.Rates);
    }

    [Fact]
    public async Task CalibrateGallery_DryRunOrKeptInactive_DecidesAsBefore()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 2);

        var dry = await host.Client.CalibrateGalleryAsync(new CalibrateGalleryRequest(Request) { DryRun = true });
        var afterDry = await host.Client.ListCalibrationsAsync(new ListCalibrationsRequest { GalleryId = GalleryHost.Staff });
        var inactive = await host.Client.CalibrateGalleryAsync(new CalibrateGalleryRequest(Request) { KeepInactive = true });
        var afterwards = await host.Client.ListCalibrationsAsync(new ListCalibrationsRequest { GalleryId = GalleryHost.Staff });

        Assert.Equal((0, CalibrationState.Inactive), (dry.Calibration.Version, dry.Calibration.State));
        Assert.Empty(afterDry.Calibrations);
        Assert.Equal((1, CalibrationState.Inactive), (inactive.Calibration.Version, inactive.Calibration.State));
        Assert.Equal((0, 1), (afterwards.ActiveVersion, afterwards.Calibrations.Count));
    }

    [Fact]
    public async Task CalibrateGallery_RatesAskedFor_AreAnsweredOrRefused()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 3);

        var run = await host.Client.CalibrateGalleryAsync(new CalibrateGalleryRequest(Request) { FalseAcceptRates = { 0.02, 1e-7 } });

        Assert.Empty(run.Calibration.Rates.Single(rate => rate.FalseAcceptRate == 0.02).Refusal);
        Assert.Contains("not enough impostor pairs", run.Calibration.Rates.Single(rate => rate.FalseAcceptRate == 1e-7).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "0 persons")]
    [InlineData(1, 5, "1 person ")]
    [InlineData(2, 1, "not enough")]
    [InlineData(20, 1, "enough")]
    [InlineData(12, 20, "enough")]
    public async Task CalibrateGallery_TooLittle_SaysWhatIsMissing(int persons, int photos, string missing)
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons, photos);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.CalibrateGalleryAsync(Request));

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "CALIBRATION_IMPOSSIBLE", host.Client.CalibrateGalleryAsync(Request));
        Assert.Contains(missing, failure.Status.Detail, StringComparison.Ordinal);
        Assert.Empty((await host.Client.ListCalibrationsAsync(new ListCalibrationsRequest { GalleryId = GalleryHost.Staff })).Calibrations);
    }

    [Fact]
    public async Task CalibrateGallery_OneFaceAPerson_ThresholdsButNoShareOfTheirOwnAndNoHead()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 80, photos: 1);

        var calibration = (await host.Client.CalibrateGalleryAsync(Request)).Calibration;

        Assert.Equal((0, 0L), (calibration.GenuinePersons, calibration.GenuineComparisons));
        Assert.All(calibration.Rates, rate => Assert.False(rate.HasTrueAcceptRate));
        Assert.False(calibration.HasHead);
        Assert.Contains("two faces", calibration.HeadNote, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.PositiveInfinity)]
    public async Task CalibrateGallery_RateThatIsNone_InvalidArgument(double rate)
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.CalibrateGalleryAsync(new CalibrateGalleryRequest(Request) { FalseAcceptRates = { rate } }));
        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument,
            "INVALID_ARGUMENT",
            host.Client.CalibrateGalleryAsync(new CalibrateGalleryRequest(Request) { FalseAcceptRates = { Enumerable.Repeat(0.1, 21) } }));
    }

    [Fact]
    public async Task CalibrateGallery_OtherModelThanTheGallerys_ContractMismatch()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 2);
        host.Encoder.Contract = "other:ffffffffffff";

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "CONTRACT_MISMATCH", host.Client.CalibrateGalleryAsync(Request));
    }

    [Fact]
    public async Task CalibrateGallery_EncoderWithoutCalibration_GivesRatesAMeaning()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Calibration = [];
        await FillAsync(host, persons: 60, photos: 3);
        var search = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(Persons(60, 3)[0][0]) };
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "MODEL_NOT_CALIBRATED", host.Client.IdentifyAsync(search));

        var run = await host.Client.CalibrateGalleryAsync(Request);
        var answer = await host.Client.IdentifyAsync(search);

        Assert.Null(run.IdentifyThresholdOfModel);
        Assert.Equal((IdentifyOutcome.Recognized, ThresholdSource.GalleryCalibration), (answer.Outcome, answer.Threshold.Source));
    }

    [Fact]
    public async Task RollbackCalibration_BackAndForth_DecidesByWhatIsActive()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 2);
        await host.Client.CalibrateGalleryAsync(Request);
        await host.Client.CalibrateGalleryAsync(Request);
        await host.Client.CalibrateGalleryAsync(Request);

        Assert.Equal(2, await RollbackAsync(null));
        Assert.Equal(2, await DecidingAsync());
        Assert.Equal(1, await RollbackAsync(null));
        Assert.Equal(0, await RollbackAsync(null));
        Assert.Equal(0, await DecidingAsync());
        Assert.Equal(3, await RollbackAsync(3));
        Assert.Equal(3, await DecidingAsync());
        Assert.Equal(0, await RollbackAsync(0));
        await Failures.AssertFailsAsync(
            StatusCode.NotFound, "CALIBRATION_NOT_FOUND", host.Client.RollbackCalibrationAsync(new RollbackCalibrationRequest { GalleryId = GalleryHost.Staff }));
        await Failures.AssertFailsAsync(
            StatusCode.NotFound, "CALIBRATION_NOT_FOUND", host.Client.RollbackCalibrationAsync(new RollbackCalibrationRequest { GalleryId = GalleryHost.Staff, Version = 4 }));
        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.RollbackCalibrationAsync(new RollbackCalibrationRequest { GalleryId = GalleryHost.Staff, Version = -1 }));

        async Task<int> RollbackAsync(int? version)
        {
            var request = new RollbackCalibrationRequest { GalleryId = GalleryHost.Staff };
            if (version is { } chosen)
            {
                request.Version = chosen;
            }

            return (await host.Client.RollbackCalibrationAsync(request)).ActiveVersion;
        }

        async Task<int> DecidingAsync() =>
            (await host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "p0", Probe = GalleryHost.EmbeddingProbe(Persons(60, 2)[1][0]) }))
                .Threshold.CalibrationVersion;
    }

    [Fact]
    public async Task UpdateGallery_OtherScoring_PutsTheCalibrationOutOfUseUntilItComesBack()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 2);
        await host.Client.CalibrateGalleryAsync(Request);
        var search = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(Persons(60, 2)[0][0]) };

        await ScoreAsync(PersonScoring.Centroid);
        var other = await host.Client.IdentifyAsync(search);
        var listed = await host.Client.ListCalibrationsAsync(new ListCalibrationsRequest { GalleryId = GalleryHost.Staff });
        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition,
            "CALIBRATION_INVALID",
            host.Client.RollbackCalibrationAsync(new RollbackCalibrationRequest { GalleryId = GalleryHost.Staff, Version = 1 }));
        await ScoreAsync(PersonScoring.BestFace);
        var back = await host.Client.IdentifyAsync(search);

        Assert.Equal((ThresholdSource.ModelCalibration, 0), (other.Threshold.Source, other.Threshold.CalibrationVersion));
        Assert.Equal((CalibrationState.Invalid, 0), (listed.Calibrations[0].State, listed.ActiveVersion));
        Assert.Equal((ThresholdSource.GalleryCalibration, 1), (back.Threshold.Source, back.Threshold.CalibrationVersion));

        async Task ScoreAsync(PersonScoring scoring) =>
            await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings { Scoring = scoring } });
    }

    [Fact]
    public async Task Calibrations_GalleryDeletedAndMadeAgain_AreGone()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 2);
        await host.Client.CalibrateGalleryAsync(Request);

        await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });
        await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = GalleryHost.Staff });

        Assert.Empty((await host.Client.ListCalibrationsAsync(new ListCalibrationsRequest { GalleryId = GalleryHost.Staff })).Calibrations);
    }

    [Fact]
    public async Task CalibrationCalls_OverJson_AnswerAsOverGrpc()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 60, photos: 2);
        var token = TestContext.Current.CancellationToken;

        var run = await (await host.Http.PostAsJsonAsync("/v1/galleries/staff:calibrate", new { falseAcceptRates = new[] { 0.02 } }, token)).Content.ReadFromJsonAsync<JsonElement>(token);
        var list = await host.Http.GetFromJsonAsync<JsonElement>("/v1/galleries/staff/calibrations", token);
        var back = await (await host.Http.PostAsJsonAsync("/v1/galleries/staff:rollbackCalibration", new { version = 0 }, token)).Content.ReadFromJsonAsync<JsonElement>(token);
        var updated = await (await host.Http.PatchAsJsonAsync("/v1/galleries/staff", new { settings = new { scoring = "PERSON_SCORING_MEAN_OF_BEST", meanOfBest = 3 } }, token)).Content.ReadFromJsonAsync<JsonElement>(token);
        var refused = await host.Http.PostAsJsonAsync("/v1/galleries/staff:calibrate", new { falseAcceptRates = new[] { "NaN" } }, token);

        Assert.Equal("THRESHOLD_SOURCE_GALLERY_CALIBRATION", run.GetProperty("identifyThreshold").GetProperty("source").GetString());
        Assert.Equal(1, list.GetProperty("activeVersion").GetInt32());
        Assert.Equal(0, back.GetProperty("activeVersion").GetInt32());
        Assert.Equal(3, updated.GetProperty("settings").GetProperty("meanOfBest").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static float[][][] Persons(int persons, int photos) => TestPersons.Draw(persons, _ => photos, 0.6, seed: 21, dimension: 48, length: FakeFaceEncoder.Dimension);

    private static async Task FillAsync(GalleryHost host, int persons, int photos)
    {
        if (persons > 0)
        {
            await host.StoreAsync([.. Persons(persons, photos).SelectMany((faces, person) => faces.Select(face => ($"p{person}", face)))]);
        }
    }
}
