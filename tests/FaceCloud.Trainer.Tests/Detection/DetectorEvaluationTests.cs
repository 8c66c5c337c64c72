using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Testing;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Failures;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Tests.Detection;

/// <summary>With the detector of drawn faces, whose answers are known.</summary>
public sealed class DetectorEvaluationTests
{
    // Nose at (240, 270), two pixels for one of the aligned crop (TestPhotos, TestFace).
    private static readonly FaceBox Drawn = new(240 - 76, 270 - 12 - 98, 152, 196);

    [Fact]
    public async Task RunAsync_KnownFaces_AreCountedByHand()
    {
        using var detector = new ProductDetector(await TestDetector(), "test");
        var face = new LabelledFace(Drawn, new FaceLandmarks(new(204.5f, 230), new(275, 229.5f), new(240, 270), new(211, 311.3f), new(269.4f, 311)));
        (LabelledPhoto Labels, byte[] Photo)[] samples =
        [
            (Photo([face]), TestPhotos.Person(1)),
            // A label where nothing is, too small to count: the answer is then one too many.
            (Photo([new LabelledFace(new FaceBox(0, 0, 20, 20), default)]), TestPhotos.Person(2)),
            // The same, but nobody was sure about the place of the answer.
            (Photo([new LabelledFace(new FaceBox(0, 0, 20, 20), default)], Drawn), TestPhotos.Person(3)),
            (Photo([face]), TestPhotos.Landscape()),
            (Photo([]), TestPhotos.Landscape()),
            (Photo([]), TestPhotos.Group(1, 2)),
            (Photo([face]), [1, 2, 3]),
        ];

        var scores = await DetectorEvaluation.RunAsync(detector, samples, TestContext.Current.CancellationToken);

        Assert.Equal((2, 1), (scores.Faces, scores.Found));
        Assert.InRange(scores.LandmarkMedian, 0, 0.03);
        Assert.InRange(scores.ScoreMean, 0.7, 1);
        Assert.Equal((4, 1), (scores.Photos, scores.Unexplained));
        Assert.Equal((2, 2), (scores.FaceFree, scores.FalseFaces));
        Assert.Equal(100, scores.FalsePerHundred);
        Assert.Equal(1, scores.Damaged);
    }

    [Fact]
    public async Task RunAsync_RealPhotos_YunetFindsWhatItLabelled()
    {
        SharedData.SkipUnlessPresent();
        var photos = new LabelledPhotos(Path.Combine(SharedData.Root, "data", "detector"));
        var some = Enumerable.Range(0, photos.Photos.Count).Where(row => photos.Photos[row].HeldOut).Take(40).ToHashSet();
        using var yunet = new ProductDetector(await File.ReadAllBytesAsync(Path.Combine(SharedData.Models, "yunet_n_dynamic.onnx"), TestContext.Current.CancellationToken), "YuNet");

        var scores = await DetectorEvaluation.RunAsync(yunet, photos.Read(some).Select(photo => (photos.Photos[photo.Row], photo.Photo)), TestContext.Current.CancellationToken);

        // The labels are its own, made at full size; here it sees the reduced pictures.
        Assert.Equal(40, scores.Photos + scores.FaceFree);
        Assert.InRange(scores.Recall, 0.97, 1);
        Assert.InRange(scores.LandmarkMedian, 0.03, 0.09);
        Assert.Equal(0, scores.FalseFaces);
    }

    [Fact]
    public void LandmarkError_OnePointOff_IsItsShareOfTheEyes()
    {
        var labelled = new FaceLandmarks(new Vector2(0, 0), new Vector2(50, 0), new Vector2(25, 20), new Vector2(10, 40), new Vector2(40, 40));

        var error = DetectorEvaluation.LandmarkError(labelled, labelled with { Nose = new Vector2(25, 25) });

        Assert.Equal(5.0 / 5 / 50, error, 1e-6);
    }

    [Fact]
    public void Constructor_ModelOfAnotherShape_SaysWhatIsMissing()
    {
        var encoder = File.ReadAllBytes(Path.Combine(TestModels.Shared.Directory, "test_encoder.onnx"));

        var failure = Assert.Throws<TrainerException>(() => new ProductDetector(encoder, "encoder.onnx"));

        Assert.Contains("encoder.onnx is no YuNet-shaped detector", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoModel_SaysSo()
    {
        var failure = Assert.Throws<TrainerException>(() => new ProductDetector([1, 2, 3], "broken.onnx"));

        Assert.Contains("broken.onnx is no ONNX model", failure.Message, StringComparison.Ordinal);
    }

    private static Task<byte[]> TestDetector() =>
        File.ReadAllBytesAsync(Path.Combine(TestModels.Shared.Directory, "test_detector.onnx"), TestContext.Current.CancellationToken);

    private static LabelledPhoto Photo(LabelledFace[] faces, params FaceBox[] unsure) => new("photo", null, faces, unsure, HeldOut: true);
}
