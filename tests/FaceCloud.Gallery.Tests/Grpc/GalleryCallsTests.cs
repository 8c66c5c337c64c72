using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

public sealed class GalleryCallsTests
{
    [Fact]
    public async Task CreateGallery_WithSettings_GetGivesThemBack()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        var settings = new GallerySettings { IdentifyThreshold = 0.5f, MaxFalseAcceptRate = 1e-4, AmbiguityMargin = 0 };

        await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = "a.b_c-1", Name = "Büro", Settings = settings });
        var gallery = await host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = "a.b_c-1" });

        Assert.Equal("Büro", gallery.Name);
        Assert.Equal(settings, gallery.Settings);
        Assert.False(gallery.Settings.HasVerifyThreshold);
        Assert.True(gallery.Settings.HasAmbiguityMargin);
        Assert.Equal((0, 0, ""), (gallery.PersonCount, gallery.FaceCount, gallery.EmbeddingContract));
    }

    [Fact]
    public async Task CreateGallery_Twice_AlreadyExists()
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(
            StatusCode.AlreadyExists, "GALLERY_EXISTS", host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = GalleryHost.Staff }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Staff")]
    [InlineData("-staff")]
    [InlineData("staff\n")]
    [InlineData("a b")]
    [InlineData("äb")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task CreateGallery_BadId_InvalidId(string id)
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ID", host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = id }));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ID", host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = id }));
    }

    public static TheoryData<GallerySettings> BadSettings => new(
        new GallerySettings { VerifyThreshold = 1.1f },
        new GallerySettings { IdentifyThreshold = float.NaN },
        new GallerySettings { Scoring = (PersonScoring)7 },
        new GallerySettings { MeanOfBest = 3 },
        new GallerySettings { Scoring = PersonScoring.Centroid, MeanOfBest = 3 },
        new GallerySettings { Scoring = PersonScoring.MeanOfBest, MeanOfBest = 1 },
        new GallerySettings { Scoring = PersonScoring.MeanOfBest, MeanOfBest = 21 },
        new GallerySettings { MaxFalseAcceptRate = 0 },
        new GallerySettings { MaxFalsePositiveRate = 1 },
        new GallerySettings { MaxFalsePositiveRate = double.NaN },
        new GallerySettings { AmbiguityMargin = -0.1f },
        new GallerySettings { MinQuality = 2 });

    [Theory]
    [MemberData(nameof(BadSettings))]
    public async Task CreateGallery_SettingOutOfRange_InvalidArgument(GallerySettings settings)
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = "x", Settings = settings }));
        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = settings }));
    }

    [Fact]
    public async Task UpdateGallery_OnlyName_KeepsSettings()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings { MinQuality = 0.5f } });

        var named = await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Name = "Staff" });
        var cleared = await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = GalleryHost.Staff, Settings = new GallerySettings() });

        Assert.Equal(("Staff", 0.5f), (named.Name, named.Settings.MinQuality));
        Assert.Equal("Staff", cleared.Name);
        Assert.False(cleared.Settings.HasMinQuality);
    }

    [Fact]
    public async Task EveryCall_UnknownGallery_NotFound()
    {
        await using var host = await GalleryHost.StartAsync();
        const string none = "nowhere";
        var probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));

        await AssertNotFoundAsync(host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = none }));
        await AssertNotFoundAsync(host.Client.UpdateGalleryAsync(new UpdateGalleryRequest { GalleryId = none, Name = "x" }));
        await AssertNotFoundAsync(host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = none }));
        await AssertNotFoundAsync(host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = none, PersonId = "ada" }));
        await AssertNotFoundAsync(host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = none, PersonId = "ada" }));
        await AssertNotFoundAsync(host.Client.ListPersonsAsync(new ListPersonsRequest { GalleryId = none }));
        await AssertNotFoundAsync(host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = none, PersonId = "ada" }));
        await AssertNotFoundAsync(host.Client.EnrollFaceAsync(new EnrollFaceRequest { GalleryId = none, PersonId = "ada", Photo = GalleryHost.Bytes([1]) }));
        await AssertNotFoundAsync(host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = none }));
        await AssertNotFoundAsync(host.Client.DeleteFaceAsync(new DeleteFaceRequest { GalleryId = none, FaceId = Guid.NewGuid().ToString() }));
        await AssertNotFoundAsync(host.Client.VerifyAsync(new VerifyRequest { GalleryId = none, Probe = probe, PersonId = "ada" }));
        await AssertNotFoundAsync(host.Client.VerifyAsync(new VerifyRequest { GalleryId = none, Probe = probe, Embedding = probe.Embedding }));
        await AssertNotFoundAsync(host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = none, Probe = probe }));
        await AssertNotFoundAsync(host.Client.CalibrateGalleryAsync(new CalibrateGalleryRequest { GalleryId = none }));
        await AssertNotFoundAsync(host.Client.ListCalibrationsAsync(new ListCalibrationsRequest { GalleryId = none }));
        await AssertNotFoundAsync(host.Client.RollbackCalibrationAsync(new RollbackCalibrationRequest { GalleryId = none }));

        static Task AssertNotFoundAsync<T>(AsyncUnaryCall<T> call) => Failures.AssertFailsAsync(StatusCode.NotFound, "GALLERY_NOT_FOUND", call);
    }

    [Fact]
    public async Task ListGalleries_PageByPage_GivesEachOnceInOrder()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        foreach (var id in new[] { "c", "a", "e", "b", "d" })
        {
            await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = id });
        }

        var ids = new List<string>();
        var token = "";
        do
        {
            var page = await host.Client.ListGalleriesAsync(new ListGalleriesRequest { PageSize = 2, PageToken = token });
            ids.AddRange(page.Galleries.Select(gallery => gallery.GalleryId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(["a", "b", "c", "d", "e"], ids);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("bm90IG91cnM")]
    [InlineData("not base64 !!")]
    public async Task ListPersons_TokenOfNobody_InvalidPageToken(string token)
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN", host.Client.ListPersonsAsync(new ListPersonsRequest { GalleryId = GalleryHost.Staff, PageToken = token }));
    }

    [Fact]
    public async Task ListPersons_TokenOfAnotherGallery_InvalidPageToken()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("a", GalleryHost.AtCosine(1, 1)), ("b", GalleryHost.AtCosine(0, 2)));
        await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = "other" });
        var page = await host.Client.ListPersonsAsync(new ListPersonsRequest { GalleryId = GalleryHost.Staff, PageSize = 1 });

        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN", host.Client.ListPersonsAsync(new ListPersonsRequest { GalleryId = "other", PageToken = page.NextPageToken }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task Lists_PageSizeOutOfRange_InvalidArgument(int size)
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.ListGalleriesAsync(new ListGalleriesRequest { PageSize = size }));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.ListPersonsAsync(new ListPersonsRequest { GalleryId = GalleryHost.Staff, PageSize = size }));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff, PageSize = size }));
    }

    [Fact]
    public async Task DeleteGallery_MadeAgain_IsEmptyAndTakesAnotherModel()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)));

        await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });
        await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = GalleryHost.Staff });
        host.Encoder.Contract = "other:ffffffffffff";
        var answer = await host.Client.IdentifyAsync(
            new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)), IncludeBelowThreshold = true });

        Assert.Equal(IdentifyOutcome.NotRecognized, answer.Outcome);
        Assert.Empty(answer.Faces[0].Candidates);
        Assert.Equal(0, answer.Threshold.GallerySize);
    }
}
