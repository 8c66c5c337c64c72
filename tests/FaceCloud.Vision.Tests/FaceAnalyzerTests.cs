using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Testing;

namespace FaceCloud.Vision.Tests;

/// <summary>The whole pipeline with drawn photos and the models that know them.</summary>
public sealed class FaceAnalyzerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnalyzeAsync_OnePerson_OneFaceFitForEnrolment()
    {
        var analysis = await Analyzers.Drawn.AnalyzeAsync(TestPhotos.Person(1), QualityGate.Enrolment, 1, Cancellation);

        Assert.Equal((480, 480, 1), (analysis.Width, analysis.Height, analysis.FacesFound));
        var face = Assert.Single(analysis.Faces);
        Assert.Empty(face.Quality.Reasons);
        Assert.Equal(AlignedCrop.Bytes, face.Crop.Length);
        Assert.InRange(face.Box.Width, 130, 175);
        Assert.True(analysis.Decoding > TimeSpan.Zero && analysis.Detecting > TimeSpan.Zero && analysis.Aligning > TimeSpan.Zero);
    }

    [Fact]
    public async Task AnalyzeAsync_Group_LargestFirstAndOnlyAsManyAsAsked()
    {
        var photo = TestPhotos.Group(1, 2, 3, 4);

        var all = await Analyzers.Drawn.AnalyzeAsync(photo, QualityGate.None, 10, Cancellation);
        var two = await Analyzers.Drawn.AnalyzeAsync(photo, QualityGate.None, 2, Cancellation);

        Assert.Equal(4, all.FacesFound);
        var areas = all.Faces.Select(face => face.Box.Width * face.Box.Height).ToArray();
        Assert.Equal(areas.OrderDescending(), areas);
        Assert.Equal(4, two.FacesFound);
        Assert.Equal(all.Faces.Take(2).Select(face => face.Box), two.Faces.Select(face => face.Box));
    }

    [Fact]
    public async Task AnalyzeAsync_NoFace_IsAnOrdinaryAnswer()
    {
        var analysis = await Analyzers.Drawn.AnalyzeAsync(TestPhotos.Landscape(), QualityGate.Enrolment, 1, Cancellation);

        Assert.Equal(0, analysis.FacesFound);
        Assert.Empty(analysis.Faces);
    }

    [Fact]
    public async Task AnalyzeAsync_SmallFace_SmallBoundingBox()
    {
        var analysis = await Analyzers.Drawn.AnalyzeAsync(TestPhotos.SmallFace(1, width: 20), QualityGate.Enrolment, 1, Cancellation);

        Assert.Contains(QualityReason.SmallBoundingBox, Assert.Single(analysis.Faces).Quality.Reasons);
    }

    [Fact]
    public async Task AnalyzeAsync_Blurred_LowSharpness()
    {
        var analysis = await Analyzers.Drawn.AnalyzeAsync(TestPhotos.Blurred(1), QualityGate.Enrolment, 1, Cancellation);

        Assert.Contains(QualityReason.LowSharpness, Assert.Single(analysis.Faces).Quality.Reasons);
    }

    [Fact]
    public async Task AnalyzeAsync_Dark_LowBrightness()
    {
        var analysis = await Analyzers.Drawn.AnalyzeAsync(TestPhotos.Dark(1), QualityGate.Enrolment, 1, Cancellation);

        Assert.Contains(QualityReason.LowBrightness, Assert.Single(analysis.Faces).Quality.Reasons);
    }

    [Fact]
    public async Task AnalyzeAsync_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        var photos = Enumerable.Range(0, 8).Select(seed => TestPhotos.Person(seed)).ToArray();
        var alone = new List<byte[]>();
        foreach (var photo in photos)
        {
            alone.Add((await Analyzers.Drawn.AnalyzeAsync(photo, QualityGate.None, 1, Cancellation)).Faces[0].Crop.ToArray());
        }

        var together = await Task.WhenAll(Enumerable.Range(0, 80).Select(i => Analyzers.Drawn.AnalyzeAsync(photos[i % 8], QualityGate.None, 1, Cancellation)));

        for (var i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % 8], together[i].Faces[0].Crop.ToArray());
        }
    }

    [Fact]
    public async Task AnalyzeAsync_PhotoInsideALargerBuffer_IsReadFromThere()
    {
        var photo = TestPhotos.Person(1);
        var buffer = new byte[photo.Length + 200];
        photo.CopyTo(buffer, 100);

        var analysis = await Analyzers.Drawn.AnalyzeAsync(buffer.AsMemory(100, photo.Length), QualityGate.None, 1, Cancellation);

        Assert.Equal(1, analysis.FacesFound);
    }

    [Fact]
    public async Task AnalyzeAsync_ReducedWhileDecoding_CoordinatesAreOfTheWholePhoto()
    {
        var photo = TestPhotos.Person(1);
        using var image = NetVips.Image.NewFromBuffer(photo);
        using var large = image.Resize(4000.0 / 480);

        var small = (await Analyzers.Drawn.AnalyzeAsync(photo, QualityGate.None, 1, Cancellation)).Faces[0];
        var analysis = await Analyzers.Drawn.AnalyzeAsync(large.WriteToBuffer(".jpg[Q=92]"), QualityGate.None, 1, Cancellation);

        Assert.Equal((4000, 4000), (analysis.Width, analysis.Height));
        Assert.Equal(small.Landmarks.Nose.X * 4000 / 480, analysis.Faces[0].Landmarks.Nose.X, 20f);
        Assert.Equal(small.Landmarks.Nose.Y * 4000 / 480, analysis.Faces[0].Landmarks.Nose.Y, 20f);
        Assert.Equal(small.Box.Width * 4000 / 480, analysis.Faces[0].Box.Width, 60f);
    }

    [Fact]
    public async Task AnalyzeAsync_NotAnImage_FailureReachesTheCaller()
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => Analyzers.Drawn.AnalyzeAsync("hello"u8.ToArray(), QualityGate.None, 1, Cancellation));

        Assert.Equal(FailureReason.PhotoNotAnImage, failure.Reason);
    }

    [Fact]
    public async Task AnalyzeAsync_AlreadyCancelled_Throws()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Analyzers.Drawn.AnalyzeAsync(TestPhotos.Person(1), QualityGate.None, 1, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task AnalyzeAsync_NoFacesAskedFor_Throws()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Analyzers.Drawn.AnalyzeAsync(TestPhotos.Person(1), QualityGate.None, 0, Cancellation));
    }
}
