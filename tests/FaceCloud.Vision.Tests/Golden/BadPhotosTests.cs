using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Numerics;
using FaceCloud.Testing;

namespace FaceCloud.Vision.Tests.Golden;

/// <summary>Every file of shared photos/bad, treated as its README asks.</summary>
public sealed class BadPhotosTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("zero-bytes.jpg", FailureReason.PhotoEmpty)]
    [InlineData("truncated-10.jpg", FailureReason.PhotoDamaged)]
    [InlineData("truncated-70.jpg", FailureReason.PhotoDamaged)]
    [InlineData("wrong-crc.png", FailureReason.PhotoDamaged)]
    [InlineData("text.jpg", FailureReason.PhotoNotAnImage)]
    [InlineData("html-as.png", FailureReason.PhotoNotAnImage)]
    [InlineData("bomb-20000x20000.png", FailureReason.PhotoTooManyPixels)]
    public async Task AnalyzeAsync_NotAUsablePhoto_IsRefused(string file, FailureReason reason)
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => AnalyzeAsync(file, QualityGate.None));

        Assert.Equal(reason, failure.Reason);
    }

    // Cosines to reference.jpg: the measured ones are in the comment, the bound leaves room for another decoder.
    [Theory]
    [InlineData("exif-1.jpg", 0.99f)] // 1.000
    [InlineData("exif-2.jpg", 0.99f)] // 0.999
    [InlineData("exif-3.jpg", 0.99f)] // 0.999
    [InlineData("exif-4.jpg", 0.99f)] // 1.000
    [InlineData("exif-5.jpg", 0.99f)] // 0.999
    [InlineData("exif-6.jpg", 0.99f)] // 0.999
    [InlineData("exif-7.jpg", 0.99f)] // 0.999
    [InlineData("exif-8.jpg", 0.99f)] // 0.998
    [InlineData("giant-exif.jpg", 0.99f)] // 1.000
    [InlineData("animated.gif", 0.98f)] // 0.997
    [InlineData("cmyk.jpg", 0.98f)] // 0.997
    [InlineData("palette-alpha.png", 0.98f)] // 0.995
    [InlineData("portrait.webp", 0.97f)] // 0.990
    [InlineData("png-named.jpg", 0.96f)] // 0.980, half the size
    [InlineData("sixteen-bit.png", 0.93f)] // 0.951, 60 % of the size
    [InlineData("grey.jpg", 0.92f)] // 0.939, no colour
    public async Task AnalyzeAsync_UnusualFormat_SameFaceAsReference(string file, float cosine)
    {
        var reference = await AnalyzeAsync("reference.jpg", QualityGate.Enrolment);

        var analysis = await AnalyzeAsync(file, QualityGate.Enrolment);

        var face = Assert.Single(analysis.Faces);
        Assert.Empty(face.Quality.Reasons);
        Assert.True(Vectors.DotProduct(Embed(reference.Faces[0]), Embed(face)) >= cosine);
        var (expected, scale) = (reference.Faces[0].Box, (float)analysis.Width / reference.Width);
        Assert.Equal(expected.X * scale, face.Box.X, 6f);
        Assert.Equal(expected.Y * scale, face.Box.Y, 6f);
        Assert.Equal(expected.Width * scale, face.Box.Width, 6f);
    }

    [Theory]
    [InlineData("pixel-1x1.png")]
    [InlineData("landscape.jpg")]
    [InlineData("blurred.jpg")]
    [InlineData("dark.jpg")]
    public async Task AnalyzeAsync_NothingToSee_NoFaceAndNoError(string file)
    {
        Assert.Equal(0, (await AnalyzeAsync(file, QualityGate.Enrolment)).FacesFound);
    }

    [Theory]
    [InlineData("half-face.jpg", QualityReason.LowConfidence)]
    [InlineData("tiny-face-20px.jpg", QualityReason.SmallBoundingBox)]
    [InlineData("upside-down-no-exif.jpg", QualityReason.ExtremePose)]
    [InlineData("rotated-90-no-exif.jpg", QualityReason.ExtremePose)]
    public async Task AnalyzeAsync_PoorFace_IsRefusedForEnrolmentWithTheReason(string file, QualityReason reason)
    {
        var analysis = await AnalyzeAsync(file, QualityGate.Enrolment);

        Assert.Contains(reason, Assert.Single(analysis.Faces).Quality.Reasons);
    }

    [Theory]
    [InlineData("tiny-face-20px.jpg")]
    [InlineData("upside-down-no-exif.jpg")]
    [InlineData("rotated-90-no-exif.jpg")]
    public async Task AnalyzeAsync_MeaninglessFace_IsRefusedAsProbeToo(string file)
    {
        var analysis = await AnalyzeAsync(file, QualityGate.Probe);

        Assert.NotEmpty(Assert.Single(analysis.Faces).Quality.Reasons);
    }

    [Theory]
    [InlineData("upside-down-no-exif.jpg", 180)]
    [InlineData("rotated-90-no-exif.jpg", 90)]
    public async Task AnalyzeAsync_TurnedFace_RollSaysSo(string file, float roll)
    {
        var analysis = await AnalyzeAsync(file, QualityGate.None);

        Assert.Equal(roll, Math.Abs(Assert.Single(analysis.Faces).Quality.Roll), 20f);
    }

    [Fact]
    public async Task AnalyzeAsync_SeveralFaces_AllFoundLargestFirst()
    {
        var analysis = await AnalyzeAsync("several-faces.jpg", QualityGate.Enrolment);

        Assert.Equal(4, analysis.FacesFound);
        var areas = analysis.Faces.Select(face => face.Box.Width * face.Box.Height).ToArray();
        Assert.Equal(areas.OrderDescending(), areas);
    }

    private static async Task<PhotoAnalysis> AnalyzeAsync(string file, QualityGate gate)
    {
        var analyzer = Analyzers.Real;
        var path = Path.Combine(SharedData.Bad, file);
        Assert.SkipUnless(File.Exists(path), $"Needs '{path}'.");
        return await analyzer.AnalyzeAsync(await File.ReadAllBytesAsync(path, Cancellation), gate, 10, Cancellation);
    }

    private static float[] Embed(AnalyzedFace face) => RealEncoder.Instance.Embed(face.Crop);
}
