using System.Text.Json;
using FaceCloud.Numerics;
using FaceCloud.Testing;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Tests.Golden;

/// <summary>
/// Boxes, landmarks, scores and embeddings of expected.json and expected_embeddings.json (shared models), made by another
/// implementation of the same pipeline. All of them are met in the tolerance of "the exact pipeline".
/// </summary>
public sealed class GoldenTests
{
    private const float Pixels = 0.5f;
    private const float Components = 1e-3f;

    public static TheoryData<string> Photos()
    {
        // Without the data there is one row, and its test says why it is skipped.
        if (!SharedData.IsPresent)
        {
            return [""];
        }

        using var expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.Expected));
        return [.. expected.RootElement.GetProperty("photos").EnumerateArray().Select(photo => photo.GetProperty("file").GetString()!)];
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public async Task AnalyzeAsync_GoldenPhoto_BoxesLandmarksScoresAndEmbeddings(string file)
    {
        SharedData.SkipUnlessPresent();
        using var golden = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedData.Expected, TestContext.Current.CancellationToken));
        using var embeddings = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedData.ExpectedEmbeddings, TestContext.Current.CancellationToken));
        var photo = golden.RootElement.GetProperty("photos").EnumerateArray().Single(photo => photo.GetProperty("file").GetString() == file);

        var analysis = await AnalyzeAsync(file);

        Assert.Equal((photo.GetProperty("width").GetInt32(), photo.GetProperty("height").GetInt32()), (analysis.Width, analysis.Height));
        Assert.Equal(photo.GetProperty("face_count").GetInt32(), analysis.FacesFound);
        foreach (var (face, expected) in ByLeftEdge(analysis).Zip(photo.GetProperty("faces").EnumerateArray()))
        {
            Assert.Equal(expected.GetProperty("score").GetSingle(), face.Confidence, 2e-4f);
            AssertNear(expected.GetProperty("box_xyxy"), Corners(face), Pixels);
            AssertNear(expected.GetProperty("landmarks_xy"), Points(face), Pixels);
            AssertNear(embeddings.RootElement.GetProperty(expected.GetProperty("id").GetString()!), RealEncoder.Instance.Embed(face.Crop), Components);
        }
    }

    [Fact]
    public async Task AnalyzeAsync_AllGoldenPhotos_PairwiseCosines()
    {
        SharedData.SkipUnlessPresent();
        using var golden = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedData.Expected, TestContext.Current.CancellationToken));
        var embeddings = new Dictionary<string, float[]>();
        foreach (var photo in golden.RootElement.GetProperty("photos").EnumerateArray())
        {
            var analysis = await AnalyzeAsync(photo.GetProperty("file").GetString()!);
            foreach (var (face, expected) in ByLeftEdge(analysis).Zip(photo.GetProperty("faces").EnumerateArray()))
            {
                embeddings[expected.GetProperty("id").GetString()!] = RealEncoder.Instance.Embed(face.Crop);
            }
        }

        var pairs = golden.RootElement.GetProperty("pairwise_cosine").EnumerateArray().ToArray();
        Assert.NotEmpty(pairs);
        Assert.All(pairs, pair => Assert.Equal(
            pair.GetProperty("cos").GetSingle(),
            Vectors.DotProduct(embeddings[pair.GetProperty("a").GetString()!], embeddings[pair.GetProperty("b").GetString()!]),
            2e-3f));
    }

    [Fact]
    public void Run_SyntheticDetectorInput_GoldenOutputs()
    {
        SharedData.SkipUnlessPresent();
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Expected));
        var expected = golden.RootElement.GetProperty("synthetic").GetProperty("detector_outputs_first4");
        var input = new float[3 * 64 * 96];
        for (var i = 0; i < input.Length; i++)
        {
            var (channel, row, column) = (i / (64 * 96), i / 96 % 64, i % 96);
            input[i] = ((channel * 37) + (row * 11) + (column * 7)) % 256;
        }

        using var session = new InferenceSession(Analyzers.RealModels().Detector.Path);
        using var run = new RunOptions();
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [1, 3, 64, 96]);
        var names = expected.EnumerateObject().Select(output => output.Name).ToArray();
        Assert.Equal(12, names.Length);
        using var outputs = session.Run(run, ["input"], [tensor], names);

        for (var i = 0; i < names.Length; i++)
        {
            AssertNear(expected.GetProperty(names[i]), outputs[i].GetTensorDataAsSpan<float>()[..4].ToArray(), 1e-4f);
        }
    }

    private static async Task<PhotoAnalysis> AnalyzeAsync(string file)
    {
        var photo = await File.ReadAllBytesAsync(Path.Combine(SharedData.Golden, file), TestContext.Current.CancellationToken);
        return await Analyzers.Real.AnalyzeAsync(photo, QualityGate.None, 100, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<AnalyzedFace> ByLeftEdge(PhotoAnalysis analysis) => analysis.Faces.OrderBy(face => face.Box.X);

    private static float[] Corners(AnalyzedFace face) =>
        [face.Box.X, face.Box.Y, face.Box.X + face.Box.Width, face.Box.Y + face.Box.Height];

    private static float[] Points(AnalyzedFace face)
    {
        var points = new System.Numerics.Vector2[FaceLandmarks.Count];
        face.Landmarks.CopyTo(points);
        return [.. points.SelectMany(point => (float[])[point.X, point.Y])];
    }

    private static void AssertNear(JsonElement expected, float[] actual, float tolerance)
    {
        var values = expected.EnumerateArray().Select(value => value.GetSingle()).ToArray();
        Assert.Equal(values.Length, actual.Length);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], actual[i], tolerance);
        }
    }
}
