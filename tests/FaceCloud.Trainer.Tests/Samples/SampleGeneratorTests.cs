using System.Security.Cryptography;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Samples;
using FaceCloud.Trainer.Samples.Judging;
using FaceCloud.Trainer.Samples.Model;
using FaceCloud.Trainer.Samples.People;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Samples;

/// <summary>The whole search, on pictures that are nobody's, before a judge to whom all pictures are equally good.</summary>
public sealed class SampleGeneratorTests : IDisposable
{
    private static readonly SampleOptions Options = new()
    {
        Persons = 2,
        Photos = 2,
        Strangers = 2,
        Groups = 1,
        Candidates = 8,
        LeastSame = -1,
        MostDifferent = 1.1f,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly FaceModel _model;

    public SampleGeneratorTests()
    {
        var source = new DrawnSource(persons: 12, photos: 4);
        using var pixels = PixelCache.Open(source, _folder["pixels"], null, TestContext.Current.CancellationToken);
        var options = new FaceModelOptions { Persons = 12, SinglePhotos = 4, ShapeRank = 3, TextureRank = 5, Rounds = [(0, 3, 3, 1), (2, 2, 2, 1)] };
        _model = FaceModelCache.Open(source, pixels, options, _folder.Path, _ => { }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Run_InterruptedInTheMiddle_GoesOnAndEndsInTheSamePictures()
    {
        var whole = Run(_folder["whole"], () => { }, TestContext.Current.CancellationToken, out _);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => Run(_folder["parts"], () => stop.Cancel(), stop.Token, out _));
        var saved = Directory.GetFiles(_folder["parts"], "*.jpg", SearchOption.AllDirectories).Length;
        var parts = Run(_folder["parts"], () => { }, TestContext.Current.CancellationToken, out var log);

        Assert.InRange(saved, 1, whole.Count - 1);
        Assert.Contains("going on", log[0], StringComparison.Ordinal);
        Assert.Equal(whole.Select(p => p.Path), parts.Select(p => p.Path));
        Assert.All(whole.Zip(parts), pair => Assert.Equal(pair.First.Jpeg, pair.Second.Jpeg));
        Assert.All(parts, p => Assert.Equal(p.Jpeg, File.ReadAllBytes(_folder[$"parts/{p.Path}"])));
        Assert.Equal(4 + 2 + 1, parts.Count);
    }

    [Fact]
    public void Run_LimitsTooNarrowAtFirst_ThoseGivenUpComeBackAndAnInterruptionChangesNothing()
    {
        var narrow = Options with { Groups = 0, Candidates = 6, Steps = 2, PhotoSteps = 4, Patience = 2, MostDifferent = -0.95f, Easing = 1.2f, MostEased = 0.95f };
        var whole = Run(_folder["whole"], () => { }, TestContext.Current.CancellationToken, out var log, narrow);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => Run(_folder["parts"], () => stop.Cancel(), stop.Token, out _, narrow));
        var parts = Run(_folder["parts"], () => { }, TestContext.Current.CancellationToken, out _, narrow);

        Assert.Single(log, line => line.EndsWith("given up before get a second chance", StringComparison.Ordinal));
        Assert.Equal(4 + 2, whole.Count);
        Assert.Equal(whole.Select(p => (p.Path, Convert.ToHexString(p.Jpeg))), parts.Select(p => (p.Path, Convert.ToHexString(p.Jpeg))));
    }

    [Fact]
    public void Run_PictureGoneMeanwhile_IsNamed()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Run(_folder["parts"], () => stop.Cancel(), stop.Token, out _));
        var first = Directory.GetFiles(_folder["parts"], "*.jpg", SearchOption.AllDirectories)[0];
        File.Delete(first);

        var failure = Assert.Throws<TrainerException>(() => Run(_folder["parts"], () => { }, TestContext.Current.CancellationToken, out _));

        Assert.Contains("is missing", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    // A picture's embedding is whatever its bytes hash to.
    private static IReadOnlyList<JudgedFace> Judge(byte[] jpeg, int faces)
    {
        var hash = SHA256.HashData(jpeg);
        var (sin, cos) = MathF.SinCos(hash[0]);
        float[] embedding = [sin, cos];
        return [.. Enumerable.Range(0, faces).Select(_ => new JudgedFace(0.5f, true, 1, _ => embedding))];
    }

    private IReadOnlyList<SamplePhoto> Run(string path, Action personTaken, CancellationToken cancellationToken, out List<string> log, SampleOptions? options = null)
    {
        var sampler = new PersonSampler(_model, [.. _model.Persons.Select((_, i) => i % 2 == 0 ? 2f : -2)]);
        var lines = log = [];
        var folder = SampleFolder.Open(path, "settings");
        if (folder.Progress.Count > 0)
        {
            lines.Add("going on");
        }

        var generator = new SampleGenerator(
            sampler,
            new Casting(_model),
            new SampleStudio(_model),
            jpeg =>
            {
                // All but the group shows one person.
                using var image = NetVips.Image.NewFromBuffer(jpeg);
                return Judge(jpeg, image.Width > SampleStudio.Width ? 3 : 1);
            },
            [],
            options ?? Options,
            folder,
            line =>
            {
                lines.Add(line);
                if (line.Contains(": candidate", StringComparison.Ordinal))
                {
                    personTaken();
                }
            });
        var photos = generator.Run(cancellationToken);
        folder.Finish(photos);
        return photos;
    }
}
