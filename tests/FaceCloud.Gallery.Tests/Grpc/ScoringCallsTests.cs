using FaceCloud.Inference.Models;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

/// <summary>Several faces of a person, under each scoring, over the wire.</summary>
public sealed class ScoringCallsTests
{
    private static readonly Probe Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));

    // ada has the one most alike face and others that are not; eve is alike in all. Means of two: 0.45 and 0.7. Centroids: three faces whose own
    // axes are at right angles sum up to 2.1 on the first axis and sqrt(0.51) on three others: 2.1 / sqrt(4.41 + 1.53).
    [Theory]
    [InlineData(PersonScoring.BestFace, "ada", 0.8f)]
    [InlineData(PersonScoring.Unspecified, "ada", 0.8f)]
    [InlineData(PersonScoring.MeanOfBest, "eve", 0.7f)]
    [InlineData(PersonScoring.Centroid, "eve", 0.8617f)]
    public async Task IdentifyAndVerify_Scoring_DecidesWhoIsNearest(PersonScoring scoring, string nearest, float similarity)
    {
        await using var host = await GalleryHost.StartAsync();
        await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings { Scoring = scoring } });
        await host.StoreAsync(
            ("ada", GalleryHost.AtCosine(0.8f, 2)), ("ada", GalleryHost.AtCosine(0.1f, 3)), ("ada", GalleryHost.AtCosine(0.1f, 4)),
            ("eve", GalleryHost.AtCosine(0.7f, 5)), ("eve", GalleryHost.AtCosine(0.7f, 6)), ("eve", GalleryHost.AtCosine(0.7f, 7)));

        var search = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = Probe, IncludeBelowThreshold = true });
        var claim = await host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = nearest, Probe = Probe });

        var first = search.Faces[0].Candidates[0];
        Assert.Equal(nearest, first.PersonId);
        Assert.Equal(similarity, first.Similarity, 1e-4f);
        Assert.Equal(2, search.Faces[0].Candidates.Count);
        Assert.Equal((first.Similarity, first.BestFaceId), (claim.Similarity, claim.BestFaceId));
    }

    // 0.4 for one photo is FAR 1e-3; three photos count as 3^0.85 = 2.544: 0.4 + log10(2.544) * 0.06.
    [Fact]
    public async Task Verify_SeveralFaces_AsksForMoreAtTheSameRate()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.42f, 2)), ("bob", GalleryHost.AtCosine(0.42f, 3)), ("bob", GalleryHost.AtCosine(0, 4)), ("bob", GalleryHost.AtCosine(0, 5)));

        var one = await host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "ada", Probe = Probe });
        var three = await host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "bob", Probe = Probe });

        Assert.Equal((VerifyOutcome.Match, 0.4f, 1), (one.Outcome, one.Threshold.Value, one.Threshold.Comparisons));
        Assert.Equal((VerifyOutcome.NoMatch, 1e-3), (three.Outcome, three.Threshold.FalseAcceptRate));
        Assert.Equal(0.42434f, three.Threshold.Value, 1e-4f);
        Assert.Equal(2.544, three.Threshold.Comparisons, 1e-3);
    }

    [Fact]
    public async Task Identify_ModelWithAHead_CandidatesHaveProbabilities()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Head = new VerifierHead
        {
            Kind = VerifierHeadKind.Cosine,
            EmbeddingContract = TestFaces.Contract,
            Weights = [10],
            Bias = -5,
            Prior = 0.5,
            Source = "test",
        };
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.8f, 2)), ("bob", GalleryHost.AtCosine(0.2f, 3)));

        var answer = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = Probe, IncludeBelowThreshold = true });
        host.Encoder.Head = null;
        var without = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = Probe });

        Assert.Equal([1 / (1 + Math.Exp(-3)), 1 / (1 + Math.Exp(3))], answer.Faces[0].Candidates.Select(candidate => (double)candidate.Probability), (one, other) => Math.Abs(one - other) < 1e-5);
        Assert.False(without.Faces[0].Candidates[0].HasProbability);
    }

    [Theory]
    [InlineData(PersonScoring.BestFace)]
    [InlineData(PersonScoring.MeanOfBest)]
    [InlineData(PersonScoring.Centroid)]
    public async Task Identify_MoreCandidatesThanPersons_ListsAll(PersonScoring scoring)
    {
        await using var host = await GalleryHost.StartAsync();
        await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings { Scoring = scoring } });
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.8f, 2)), ("ada", GalleryHost.AtCosine(0.7f, 3)), ("bob", GalleryHost.AtCosine(0.2f, 4)));

        var all = await host.Client.IdentifyAsync(
            new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = Probe, IncludeBelowThreshold = true, MaxCandidates = 100 });
        var unset = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = Probe, IncludeBelowThreshold = true, MaxCandidates = 0 });

        Assert.Equal(["ada", "bob"], all.Faces[0].Candidates.Select(candidate => candidate.PersonId));
        Assert.Equal(2, unset.Faces[0].Candidates.Count);
        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = Probe, MaxCandidates = 101 }));
        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument,
            "EMBEDDING_NOT_FINITE",
            host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(new float[FakeFaceEncoder.Dimension]) }));
    }
}
