using FaceCloud.Inference.Sessions;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Inference.Tests;

/// <summary>The models and photos that all other tests rely on do what they promise.</summary>
public sealed class TestModelsTests : IDisposable
{
    private readonly PlainPipeline _pipeline = new();
    private readonly SessionPool _encoder = new(TestModels.Shared.Catalog.Encoder, new InferenceOptions { Sessions = 1 }, NullLoggerFactory.Instance);

    [Fact]
    public async Task Person_ManySeedsAndVariations_SameSeedCloseOthersFar()
    {
        var embeddings = new List<(int Seed, float[] Embedding)>();
        for (var seed = 0; seed < 24; seed++)
        {
            for (var variation = 0; variation < 3; variation++)
            {
                embeddings.Add((seed, await EmbedAsync(TestPhotos.Person(seed, variation))));
            }
        }

        var pairs = embeddings.SelectMany((a, i) => embeddings.Skip(i + 1).Select(b => (Same: a.Seed == b.Seed, Cosine: Cosine(a.Embedding, b.Embedding)))).ToList();
        var same = pairs.Where(pair => pair.Same).Min(pair => pair.Cosine);
        var different = pairs.Where(pair => !pair.Same).Max(pair => pair.Cosine);

        TestContext.Current.TestOutputHelper?.WriteLine($"lowest same {same:F3}, highest different {different:F3}");
        Assert.InRange(same, TestModels.Threshold + 0.1f, 1);
        Assert.InRange(different, -1, TestModels.Threshold - 0.1f);
    }

    [Fact]
    public async Task Detector_PersonWithoutVariation_LandmarksWhereDrawn()
    {
        var face = Assert.Single(await _pipeline.DetectAsync(TestPhotos.PersonPng(7)));

        // Drawn with its nose at (240, 270), two pixels for one of the crop.
        Assert.InRange(face.Score, 0.9f, 1f);
        Assert.Equal(240, face.Points[4], 0.5f);
        Assert.Equal(270, face.Points[5], 0.5f);
        Assert.Equal(240 + ((38.2946f - 56.0252f) * 2), face.Points[0], 1f);
        Assert.Equal(270 + ((92.2041f - 71.7366f) * 2), face.Points[9], 1f);
        Assert.Equal(152, face.Width, 5f);
    }

    [Fact]
    public async Task Detector_Landscape_NoFace()
    {
        var faces = await _pipeline.DetectAsync(TestPhotos.Landscape());

        Assert.Empty(faces);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task Detector_Group_EveryFaceOnceFirstIsLargest(int count)
    {
        var seeds = Enumerable.Range(100, count).ToArray();

        var faces = await _pipeline.DetectAsync(TestPhotos.Group(seeds));

        Assert.Equal(count, faces.Count);
        var largest = faces.MaxBy(face => face.Width)!;
        var alone = await EmbedAsync(TestPhotos.Person(100));
        Assert.InRange(Cosine(alone, await EmbedAsync(TestPhotos.Group(seeds), largest)), TestModels.Threshold, 1);
    }

    [Fact]
    public async Task Detector_SmallBlurredAndDark_OneFaceEach()
    {
        var small = Assert.Single(await _pipeline.DetectAsync(TestPhotos.SmallFace(1)));
        var blurred = Assert.Single(await _pipeline.DetectAsync(TestPhotos.Blurred(2)));
        var dark = Assert.Single(await _pipeline.DetectAsync(TestPhotos.Dark(3)));

        Assert.InRange(small.Width, 14, 26);
        Assert.InRange(blurred.Width, 90, 200);
        Assert.InRange(dark.Width, 140, 165);
    }

    [Fact]
    public void Shared_WrittenTwice_SameFilesSameContract()
    {
        using var other = new TestModels();

        Assert.NotEqual(TestModels.Shared.Directory, other.Directory);
        Assert.Equal(TestModels.Shared.Catalog.Encoder.EmbeddingContract, other.Catalog.Encoder.EmbeddingContract);
        Assert.Equal(TestModels.Shared.Catalog.Detector.Sha256, other.Catalog.Detector.Sha256);
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _encoder.Dispose();
    }

    private static float Cosine(float[] a, float[] b)
    {
        var (dot, left, right) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            (dot, left, right) = (dot + (a[i] * b[i]), left + (a[i] * a[i]), right + (b[i] * b[i]));
        }

        return (float)(dot / Math.Sqrt(left * right));
    }

    private async Task<float[]> EmbedAsync(byte[] photo, PlainPipeline.Face? face = null)
    {
        face ??= Assert.Single(await _pipeline.DetectAsync(photo));
        var crop = PlainPipeline.Crop(photo, face);
        var model = _encoder.Model;
        var input = new float[3 * 112 * 112];
        for (var i = 0; i < crop.Length; i++)
        {
            var (pixel, channel) = (i / 3, i % 3);
            input[(channel * 112 * 112) + pixel] = (crop[i] - model.Mean[channel]) / model.Std[channel];
        }

        using var lease = await _encoder.RentAsync(TestContext.Current.CancellationToken);
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [1, 3, 112, 112]);
        using var run = new RunOptions();
        using var outputs = lease.Session.Run(run, ["input"], [tensor], ["embedding"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
