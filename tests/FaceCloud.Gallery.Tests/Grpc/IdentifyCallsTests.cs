using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

public sealed class IdentifyCallsTests
{
    private static readonly Probe Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));

    [Fact]
    public async Task Identify_EmptyGallery_NotRecognized()
    {
        await using var host = await GalleryHost.StartAsync();

        var answer = await host.Client.IdentifyAsync(
            new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)), IncludeBelowThreshold = true });

        Assert.Equal(IdentifyOutcome.NotRecognized, answer.Outcome);
        Assert.Empty(Assert.Single(answer.Faces).Candidates);
        Assert.Equal(0, answer.Threshold.GallerySize);
    }

    // The same similarity: enough to verify, not enough to pick one of sixty. 0.446560 is computed in ThresholdPolicyTests.
    [Fact]
    public async Task Identify_SixtyPersons_AsksForMoreThanVerifyAndShowsIt()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync([("ada", GalleryHost.AtCosine(0.42f, 1)), .. Enumerable.Range(2, 59).Select(i => ($"p{i}", GalleryHost.AtCosine(0, i)))]);
        var probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));

        var verified = await host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = probe });
        var identified = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = probe });

        Assert.Equal((VerifyOutcome.Match, 0.4f), (verified.Outcome, verified.Threshold.Value));
        Assert.Equal(IdentifyOutcome.NotRecognized, identified.Outcome);
        Assert.Empty(identified.Faces[0].Candidates);
        Assert.Equal(0.446560f, identified.Threshold.Value, 1e-6f);
        Assert.Equal((ThresholdSource.ModelCalibration, 60L, 0.01), (identified.Threshold.Source, identified.Threshold.GallerySize, identified.Threshold.FalsePositiveRate));
        Assert.Equal(1.6749157e-4, identified.Threshold.FalseAcceptRate, 1e-11);
        Assert.False(identified.Threshold.Extrapolated);
    }

    [Fact]
    public async Task Identify_TwoPersonsWithinTheMargin_Ambiguous()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.80f, 1)), ("eve", GalleryHost.AtCosine(0.79f, 2)), ("ada", GalleryHost.AtCosine(0.795f, 3)));
        var request = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 4)), MaxCandidates = 1 };

        var ambiguous = await host.Client.IdentifyAsync(request);
        await host.Client.UpdateGalleryAsync(
            new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings { AmbiguityMargin = 0.005f } });
        var recognized = await host.Client.IdentifyAsync(request);

        Assert.Equal(IdentifyOutcome.Ambiguous, ambiguous.Outcome);
        Assert.Equal("ada", Assert.Single(ambiguous.Faces[0].Candidates).PersonId);
        Assert.Equal(IdentifyOutcome.Recognized, recognized.Outcome);
        Assert.Equal(2, recognized.Threshold.GallerySize);
    }

    [Fact]
    public async Task Identify_BelowThreshold_ListedOnlyWhenAsked()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.7f, 1)), ("bob", GalleryHost.AtCosine(0.2f, 2)), ("eve", GalleryHost.AtCosine(-0.3f, 3)));
        var request = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 4)) };

        var above = await host.Client.IdentifyAsync(request);
        request.IncludeBelowThreshold = true;
        var all = await host.Client.IdentifyAsync(request);
        request.Threshold = 0.9f;
        var none = await host.Client.IdentifyAsync(request);

        Assert.Equal(["ada"], above.Faces[0].Candidates.Select(candidate => candidate.PersonId));
        Assert.Equal(["ada", "bob", "eve"], all.Faces[0].Candidates.Select(candidate => candidate.PersonId));
        Assert.Equal([true, false, false], all.Faces[0].Candidates.Select(candidate => candidate.AboveThreshold));
        Assert.Equal(IdentifyOutcome.Recognized, all.Outcome);
        Assert.Equal(IdentifyOutcome.NotRecognized, none.Outcome);
        Assert.Equal((ThresholdSource.Request, 0d, 3L), (none.Threshold.Source, none.Threshold.FalsePositiveRate, none.Threshold.GallerySize));
        Assert.Equal(3, none.Faces[0].Candidates.Count);
    }

    [Fact]
    public async Task Identify_MaxCandidates_DefaultIsFive()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync([.. Enumerable.Range(1, 8).Select(i => ($"p{i}", GalleryHost.AtCosine(0.1f * i, i)))]);
        var request = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 9)), IncludeBelowThreshold = true };

        var five = await host.Client.IdentifyAsync(request);
        request.MaxCandidates = 100;
        var all = await host.Client.IdentifyAsync(request);

        Assert.Equal(["p8", "p7", "p6", "p5", "p4"], five.Faces[0].Candidates.Select(candidate => candidate.PersonId));
        Assert.Equal(8, all.Faces[0].Candidates.Count);
    }

    [Fact]
    public async Task Identify_AllFaces_EachHasItsOutcomeFromOneEncoding()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("one", TestPhotos.Person(1));
        await host.EnrolAsync("three", TestPhotos.Person(3));
        var calls = host.Encoder.Calls;
        var request = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Group(1, 2, 3)), Faces = FaceSelection.All };

        var all = await host.Client.IdentifyAsync(request);
        request.Faces = FaceSelection.Largest;
        var largest = await host.Client.IdentifyAsync(request);

        Assert.Equal(
            [IdentifyOutcome.Recognized, IdentifyOutcome.NotRecognized, IdentifyOutcome.Recognized],
            all.Faces.Select(face => face.Outcome));
        Assert.Equal(["one", "three"], all.Faces.SelectMany(face => face.Candidates).Select(candidate => candidate.PersonId));
        Assert.Equal(IdentifyOutcome.Recognized, all.Outcome);
        Assert.Equal((3, 3, 1), (all.FacesFound, largest.FacesFound, largest.Faces.Count));
        Assert.Equal(calls + 2, host.Encoder.Calls);
    }

    [Fact]
    public async Task Identify_NoOrUnfitFace_SaysSo()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.EnrolAsync("ada", TestPhotos.Person(1));

        var none = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Landscape()) });
        var unfit = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.SmallFace(1, 20)) });

        Assert.Equal((IdentifyOutcome.NoFace, 0, 0), (none.Outcome, none.Faces.Count, none.FacesFound));
        Assert.Equal(1, none.Threshold.GallerySize);
        Assert.Equal(IdentifyOutcome.RejectedQuality, unfit.Outcome);
        Assert.Contains(QualityReason.SmallBoundingBox, unfit.Faces[0].Reasons);
        Assert.Empty(unfit.Faces[0].Candidates);
    }

    public static TheoryData<IdentifyRequest> BadRequests => new(
        new IdentifyRequest(),
        new IdentifyRequest { Probe = new Probe() },
        new IdentifyRequest { Probe = Probe, MaxCandidates = -1 },
        new IdentifyRequest { Probe = Probe, MaxCandidates = 101 },
        new IdentifyRequest { Probe = Probe, Threshold = 0.5f, MaxFalsePositiveRate = 1e-2 },
        new IdentifyRequest { Probe = Probe, Threshold = float.PositiveInfinity },
        new IdentifyRequest { Probe = Probe, MaxFalsePositiveRate = 0 },
        new IdentifyRequest { Probe = Probe, MaxFalsePositiveRate = double.NaN },
        new IdentifyRequest { Probe = Probe, Faces = (FaceSelection)9 });

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Identify_BadRequest_InvalidArgument(IdentifyRequest request)
    {
        await using var host = await GalleryHost.StartAsync();
        request.GalleryId = GalleryHost.Staff;

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.IdentifyAsync(request));
    }
}
