using FaceCloud.Client.Tests.Testing;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Client.Tests;

public sealed class FaceCallsTests : IAsyncLifetime
{
    private FakeServer _server = null!;
    private FaceCloudClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _server.Gallery.Fill("staff", "ada", "grace");
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task VerifyAsync_PhotoOfThePerson_Matches()
    {
        var answer = await _client.VerifyAsync("staff", "ada", FaceInput.Photo(FakePhoto.Of("ada")));

        Assert.True(answer.Matched);
        Assert.Equal(VerifyOutcome.Match, answer.Outcome);
        Assert.Equal(ThresholdSource.ModelCalibration, answer.Threshold.Source);
    }

    [Fact]
    public async Task VerifyAsync_TwoPhotos_ComparesThemInTheGalleryGiven()
    {
        var answer = await _client.VerifyAsync(FaceInput.Photo(FakePhoto.Of("ada")), FaceInput.Photo(FakePhoto.Of("grace")), galleryId: "staff");

        Assert.Equal(VerifyOutcome.NoMatch, answer.Outcome);
        Assert.Equal("staff", _server.Gallery.LastVerify!.GalleryId);
        Assert.Equal("grace", _server.Gallery.LastVerify.Photo.ToStringUtf8());
    }

    [Fact]
    public async Task VerifyAsync_Embeddings_SendsValuesAndContract()
    {
        await _client.VerifyAsync(FaceInput.Embedding([1, 2, 3], "model:abc"), FaceInput.Embedding([4, 5, 6]));

        var sent = _server.Gallery.LastVerify!;
        Assert.Equal([1, 2, 3], sent.Probe.Embedding.Values);
        Assert.Equal("model:abc", sent.Probe.Embedding.EmbeddingContract);
        Assert.Equal([4, 5, 6], sent.Embedding.Values);
        Assert.Equal("", sent.Embedding.EmbeddingContract);
    }

    [Fact]
    public async Task VerifyAsync_WithOptions_SendsThemAndOnlyThem()
    {
        await _client.VerifyAsync("staff", "ada", FaceInput.Photo(FakePhoto.Of("ada")), new VerifyOptions { Threshold = 0.5f });
        var withThreshold = _server.Gallery.LastVerify!;
        await _client.VerifyAsync("staff", "ada", FaceInput.Photo(FakePhoto.Of("ada")), new VerifyOptions { MaxFalseAcceptRate = 1e-4 });
        var withRate = _server.Gallery.LastVerify!;

        Assert.Equal(0.5f, withThreshold.Threshold);
        Assert.False(withThreshold.HasMaxFalseAcceptRate);
        Assert.Equal(1e-4, withRate.MaxFalseAcceptRate);
        Assert.False(withRate.HasThreshold);
    }

    [Fact]
    public async Task VerifyAsync_PhotoFile_SendsItsBytes()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, FakePhoto.Of("ada"));

        var answer = await _client.VerifyAsync("staff", "ada", FaceInput.PhotoFile(path));
        File.Delete(path);

        Assert.True(answer.Matched);
    }

    [Fact]
    public async Task IdentifyAsync_Stranger_AnswersNobody()
    {
        var answer = await _client.IdentifyAsync("staff", FaceInput.Photo(FakePhoto.Of("mallory")));

        Assert.Equal(IdentifyOutcome.NotRecognized, answer.Outcome);
        Assert.Empty(answer.Faces.Single().Candidates);
    }

    [Fact]
    public async Task IdentifyAsync_WithOptions_SendsThem()
    {
        var options = new IdentifyOptions { AllFaces = true, MaxCandidates = 3, MaxFalsePositiveRate = 0.001, IncludeBelowThreshold = true };

        var answer = await _client.IdentifyAsync("staff", FaceInput.Photo(FakePhoto.Of("ada", "mallory")), options);

        var sent = _server.Gallery.LastIdentify!;
        Assert.Equal(FaceSelection.All, sent.Faces);
        Assert.Equal(3, sent.MaxCandidates);
        Assert.Equal(0.001, sent.MaxFalsePositiveRate);
        Assert.True(sent.IncludeBelowThreshold);
        Assert.False(sent.HasThreshold);
        Assert.Equal([IdentifyOutcome.Recognized, IdentifyOutcome.NotRecognized], answer.Faces.Select(face => face.Outcome));
    }

    [Fact]
    public async Task EnrollAsync_NewPerson_IsThenRecognised()
    {
        var enrolled = await _client.EnrollAsync("staff", "alan", FakePhoto.Of("alan"), new EnrollOptions { Name = "Alan", MaxFaces = 2, MinQuality = 0.3f });

        var identified = await _client.IdentifyAsync("staff", FaceInput.Photo(FakePhoto.Of("alan")));
        Assert.Equal(EnrolOutcome.Enrolled, enrolled.Outcome);
        Assert.Equal(2, _server.Gallery.LastEnroll!.MaxFaces);
        Assert.Equal(0.3f, _server.Gallery.LastEnroll.MinQuality);
        Assert.Equal("Alan", identified.Faces.Single().Candidates.Single().Name);
    }

    [Fact]
    public async Task EnrollAsync_WithoutOptions_LeavesDefaultsToTheServer()
    {
        await _client.EnrollAsync("staff", "alan", FakePhoto.Of("alan"));

        Assert.False(_server.Gallery.LastEnroll!.HasMaxFaces);
        Assert.False(_server.Gallery.LastEnroll.HasMinQuality);
    }

    [Fact]
    public async Task DetectAsync_TwoFaces_AnswersBoth()
    {
        var answer = await _client.DetectAsync(FakePhoto.Of("ada", "blurry"), maxFaces: 7);

        Assert.Equal(2, answer.FacesFound);
        Assert.Equal([QualityReason.LowSharpness], answer.Faces[1].Quality.Reasons);
        Assert.Equal(7, _server.Gallery.LastDetect!.MaxFaces);
    }

    [Fact]
    public async Task DeleteFaceAsync_Twice_SecondSaysNotFound()
    {
        var face = await _client.ListFacesAsync("staff", "ada").SingleAsync();
        await _client.DeleteFaceAsync("staff", face.FaceId);

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.DeleteFaceAsync("staff", face.FaceId));

        Assert.Equal("FACE_NOT_FOUND", failure.Reason);
        Assert.Empty(await _client.ListFacesAsync("staff", "ada").ToListAsync());
    }
}
