using FaceCloud.Inference.Models;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

public sealed class VerifyCallsTests
{
    [Fact]
    public async Task Verify_PhotoAgainstPerson_MatchesOnlyTheirOwn()
    {
        await using var host = await GalleryHost.StartAsync();
        var face = (await host.EnrolAsync("ada", TestPhotos.Person(1))).Face;

        var own = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1, 2)) });
        var stranger = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.PhotoProbe(TestPhotos.Person(2)) });

        Assert.Equal((VerifyOutcome.Match, true, face.FaceId), (own.Outcome, own.Matched, own.BestFaceId));
        Assert.Equal(2 - (2 * own.Similarity), own.Distance, 1e-6f);
        Assert.Equal((0.4f, ThresholdSource.ModelCalibration, 1e-3), (own.Threshold.Value, own.Threshold.Source, own.Threshold.FalseAcceptRate));
        Assert.Equal((0L, TestFaces.Contract), (own.Threshold.GallerySize, own.EmbeddingContract));
        Assert.NotNull(own.ProbeFace);
        Assert.False(own.HasProbability);
        Assert.Equal((VerifyOutcome.NoMatch, false), (stranger.Outcome, stranger.Matched));
    }

    [Fact]
    public async Task Verify_EncoderWithoutCalibration_RefusesToGuessButTakesAThreshold()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Calibration = [];
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.45f, 1)));
        var request = new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) };

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "MODEL_NOT_CALIBRATED", host.Client.VerifyAsync(request));
        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition, "MODEL_NOT_CALIBRATED", host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = request.Probe }));
        var answer = await host.Client.VerifyAsync(new VerifyRequest(request) { Threshold = 0.44f });

        Assert.Equal((VerifyOutcome.Match, 0.44f, ThresholdSource.Request), (answer.Outcome, answer.Threshold.Value, answer.Threshold.Source));
    }

    [Fact]
    public async Task Verify_SeveralFacesOfAPerson_BestDecides()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.1f, 1)), ("ada", GalleryHost.AtCosine(0.8f, 2)), ("ada", GalleryHost.AtCosine(-0.5f, 3)));

        var answer = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) });

        Assert.Equal(0.8f, answer.Similarity, 1e-6f);
        Assert.Equal(VerifyOutcome.Match, answer.Outcome);
        Assert.Null(answer.ProbeFace);
    }

    [Fact]
    public async Task Verify_ModelWithAHead_ProbabilityOfTheDecidingFace()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Head = CosineHead(TestFaces.Contract);
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.1f, 1)), ("ada", GalleryHost.AtCosine(0.8f, 2)), ("ada", GalleryHost.AtCosine(-0.5f, 3)));

        var answer = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) });

        // 10·0.8 − 5 = 3.
        Assert.Equal(1 / (1 + Math.Exp(-3)), answer.Probability, 1e-6);
        Assert.Equal(0.8f, answer.Similarity, 1e-6f);
    }

    [Fact]
    public async Task Verify_HeadOfDifferences_ReadsTheEmbeddingsThemselves()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        var weights = new float[FakeFaceEncoder.Dimension];
        (weights[0], weights[1]) = (-1, -4);
        host.Encoder.Head = CosineHead(TestFaces.Contract) with { Kind = VerifierHeadKind.SquaredDifference, Weights = weights, Bias = 2 };
        var request = new VerifyRequest { Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) };

        request.Embedding = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(0.6f, 1)).Embedding;
        var turnedToTheFirst = await host.Client.VerifyAsync(request);
        request.Embedding = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(0.6f, 2)).Embedding;
        var turnedToTheSecond = await host.Client.VerifyAsync(request);

        // 2 − 0.4² − 4·0.8² and 2 − 0.4²: one similarity, two probabilities.
        Assert.Equal(1 / (1 + Math.Exp(0.72)), turnedToTheFirst.Probability, 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-1.84)), turnedToTheSecond.Probability, 1e-6);
        Assert.Equal(turnedToTheFirst.Similarity, turnedToTheSecond.Similarity, 1e-6f);
    }

    [Fact]
    public async Task Verify_LowProbability_StillTheThresholdDecides()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Head = CosineHead(TestFaces.Contract);
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.45f, 1)));

        var answer = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 2)) });

        Assert.InRange(answer.Probability, 0, 0.5f);
        Assert.Equal(VerifyOutcome.Match, answer.Outcome);
    }

    [Fact]
    public async Task Verify_HeadOfAnotherModel_GivesNoProbability()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Head = CosineHead("test:ffffffffffff");
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.8f, 1)));

        var answer = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 2)) });

        Assert.False(answer.HasProbability);
        Assert.Equal(0.8f, answer.Similarity, 1e-6f);
    }

    [Fact]
    public async Task Verify_NoFaceToCompare_GivesNoProbability()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Head = CosineHead(TestFaces.Contract);
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.8f, 1)));

        var answer = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.PhotoProbe(TestPhotos.Landscape()) });

        Assert.Equal(VerifyOutcome.NoFace, answer.Outcome);
        Assert.False(answer.HasProbability);
    }

    [Fact]
    public async Task Verify_TwoPhotosWithoutGallery_EncodesBothInOneCall()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);

        var answer = await host.Client.VerifyAsync(
            new VerifyRequest { Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)), Photo = GalleryHost.Bytes(TestPhotos.Person(1, 1)) });

        Assert.Equal(VerifyOutcome.Match, answer.Outcome);
        Assert.Equal("", answer.BestFaceId);
        Assert.Equal(1, host.Encoder.Calls);
    }

    [Fact]
    public async Task Verify_EmbeddingsOfAnyLength_AreNormalised()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        var probe = GalleryHost.AtCosine(1, 1).Select(value => value * 7).ToArray();
        var reference = GalleryHost.AtCosine(0.6f, 1).Select(value => value / 9).ToArray();

        var answer = await host.Client.VerifyAsync(
            new VerifyRequest { Probe = GalleryHost.EmbeddingProbe(probe), Embedding = GalleryHost.EmbeddingProbe(reference, TestFaces.Contract).Embedding });

        Assert.Equal(0.6f, answer.Similarity, 1e-6f);
        Assert.Equal(0.8f, answer.Distance, 1e-6f);
    }

    [Fact]
    public async Task Verify_Thresholds_RequestThenGalleryThenModel()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.45f, 1)));
        await host.Client.UpdateGalleryAsync(
            new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings { VerifyThreshold = 0.5f } });
        var request = new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 2)) };

        var byGallery = await host.Client.VerifyAsync(request);
        request.MaxFalseAcceptRate = 1e-4;
        var byRate = await host.Client.VerifyAsync(request);
        request.ClearMaxFalseAcceptRate();
        request.Threshold = 0.44f;
        var byRequest = await host.Client.VerifyAsync(request);

        Assert.Equal((ThresholdSource.Gallery, 0.5f, VerifyOutcome.NoMatch), (byGallery.Threshold.Source, byGallery.Threshold.Value, byGallery.Outcome));
        Assert.Equal((ThresholdSource.RequestRate, 0.46f, VerifyOutcome.NoMatch), (byRate.Threshold.Source, byRate.Threshold.Value, byRate.Outcome));
        Assert.Equal((ThresholdSource.Request, 0.44f, VerifyOutcome.Match), (byRequest.Threshold.Source, byRequest.Threshold.Value, byRequest.Outcome));
    }

    [Fact]
    public async Task Verify_NoOrUnfitFace_IsNotANo()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));

        var none = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.PhotoProbe(TestPhotos.Landscape()) });
        var unfit = await host.Client.VerifyAsync(
            new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.PhotoProbe(TestPhotos.SmallFace(1, 20)) });

        Assert.Equal((VerifyOutcome.NoFace, false), (none.Outcome, none.Matched));
        Assert.Equal([QualityReason.NoFace], none.Reasons);
        Assert.Equal((VerifyOutcome.RejectedQuality, false), (unfit.Outcome, unfit.Matched));
        Assert.Contains(QualityReason.SmallBoundingBox, unfit.Reasons);
        Assert.NotNull(unfit.ProbeFace);
    }

    [Fact]
    public async Task Verify_ReferencePhotoWithoutFace_FailedPrecondition()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);

        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition,
            "REFERENCE_UNUSABLE",
            host.Client.VerifyAsync(new VerifyRequest { Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)), Photo = GalleryHost.Bytes(TestPhotos.Landscape()) }));
    }

    [Fact]
    public async Task Verify_PersonWithoutFace_FailedPrecondition()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });

        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition,
            "PERSON_HAS_NO_FACE",
            host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) }));
    }

    public static TheoryData<VerifyRequest> BadRequests
    {
        get
        {
            var probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));
            return new(
                new VerifyRequest(),
                new VerifyRequest { Probe = probe },
                new VerifyRequest { Probe = new Probe(), Embedding = probe.Embedding },
                new VerifyRequest { Probe = probe, Embedding = probe.Embedding, Threshold = 0.5f, MaxFalseAcceptRate = 1e-3 },
                new VerifyRequest { Probe = probe, Embedding = probe.Embedding, Threshold = 1.5f },
                new VerifyRequest { Probe = probe, Embedding = probe.Embedding, Threshold = float.NaN },
                new VerifyRequest { Probe = probe, Embedding = probe.Embedding, MaxFalseAcceptRate = 0 },
                new VerifyRequest { Probe = probe, Embedding = probe.Embedding, MaxFalseAcceptRate = 1 });
        }
    }

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Verify_BadRequest_InvalidArgument(VerifyRequest request)
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.VerifyAsync(request));
    }

    [Fact]
    public async Task Verify_PersonWithoutGallery_InvalidId()
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument,
            "INVALID_ID",
            host.Client.VerifyAsync(new VerifyRequest { PersonId = "ada", Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) }));
    }

    public static TheoryData<string, StatusCode, float[], string> BadEmbeddings => new()
    {
        { "EMBEDDING_WRONG_LENGTH", StatusCode.InvalidArgument, [], "" },
        { "EMBEDDING_WRONG_LENGTH", StatusCode.InvalidArgument, new float[FakeFaceEncoder.Dimension + 1], "" },
        { "EMBEDDING_NOT_FINITE", StatusCode.InvalidArgument, new float[FakeFaceEncoder.Dimension], "" },
        { "EMBEDDING_NOT_FINITE", StatusCode.InvalidArgument, [float.NaN, .. new float[FakeFaceEncoder.Dimension - 1]], "" },
        { "EMBEDDING_NOT_FINITE", StatusCode.InvalidArgument, [1, .. new float[FakeFaceEncoder.Dimension - 2], float.PositiveInfinity], "" },
        { "CONTRACT_MISMATCH", StatusCode.FailedPrecondition, [1, .. new float[FakeFaceEncoder.Dimension - 1]], "other:ffffffffffff" },
    };

    [Theory]
    [MemberData(nameof(BadEmbeddings))]
    public async Task DecisionCalls_BadEmbedding_SayWhy(string reason, StatusCode status, float[] values, string contract)
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)));
        var good = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));
        var bad = GalleryHost.EmbeddingProbe(values, contract);

        await Failures.AssertFailsAsync(status, reason, host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = bad }));
        await Failures.AssertFailsAsync(status, reason, host.Client.VerifyAsync(new VerifyRequest { Probe = good, Embedding = bad.Embedding }));
        await Failures.AssertFailsAsync(status, reason, host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = bad }));
    }

    [Fact]
    public async Task DecisionCalls_GalleryOfAnotherModel_ContractMismatch()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)));
        host.Encoder.Contract = "other:ffffffffffff";
        var probe = GalleryHost.PhotoProbe(TestPhotos.Person(1));

        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition, "CONTRACT_MISMATCH", host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = probe }));
        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition, "CONTRACT_MISMATCH", host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = probe }));
        Assert.Equal(0, host.Encoder.Calls);
    }

    [Fact]
    public async Task PhotoCalls_EncoderDown_UnavailableThenServesOn()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.IsDown = true;
        var photo = GalleryHost.Bytes(TestPhotos.Person(1));
        var probe = new Probe { Photo = photo };

        await Failures.AssertFailsAsync(
            StatusCode.Unavailable, "ENCODER_UNAVAILABLE", host.Client.EnrollFaceAsync(new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Photo = photo }));
        await Failures.AssertFailsAsync(StatusCode.Unavailable, "ENCODER_UNAVAILABLE", host.Client.VerifyAsync(new VerifyRequest { Probe = probe, Photo = photo }));
        await Failures.AssertFailsAsync(
            StatusCode.Unavailable, "ENCODER_UNAVAILABLE", host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = probe }));
        var detected = await host.Client.DetectAsync(new DetectRequest { Photo = photo });
        host.Encoder.IsDown = false;
        var enrolled = await host.EnrolAsync("ada", TestPhotos.Person(1));

        Assert.Equal(1, detected.FacesFound);
        Assert.Equal(EnrolOutcome.Enrolled, enrolled.Outcome);
    }

    private static VerifierHead CosineHead(string contract) => new()
    {
        Kind = VerifierHeadKind.Cosine,
        EmbeddingContract = contract,
        Weights = [10],
        Bias = -5,
        Prior = 0.5,
        Source = "by hand",
    };
}
