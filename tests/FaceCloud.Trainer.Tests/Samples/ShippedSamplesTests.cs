using System.Globalization;
using System.Runtime.InteropServices;
using FaceCloud.Inference.Models;
using FaceCloud.Testing;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Samples;
using FaceCloud.Trainer.Samples.Judging;
using NetVips;

namespace FaceCloud.Trainer.Tests.Samples;

/// <summary>The sample people that the repository ships keep their promises.</summary>
public sealed class ShippedSamplesTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "shared", "samples");

    private static readonly string Models = Path.Combine(RepositoryRoot.Path, "shared", "models");

    [Fact]
    public void Manifest_OfTheFolder_NamesEveryPictureAndNoOther()
    {
        var listed = SampleManifest.Read(Folder).Select(p => p.Path).Order(StringComparer.Ordinal);

        var there = Directory.EnumerateFiles(Folder, "*.jpg", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Folder, p).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        Assert.Equal(there, listed);
    }

    [Fact]
    public void Manifest_Persons_AreAtLeastTwelveWithFourPhotosEightStrangersAndTwoGroups()
    {
        var photos = SampleManifest.Read(Folder);

        var people = photos.Where(p => p.Path.StartsWith("people/", StringComparison.Ordinal)).GroupBy(p => p.Persons.Single()).ToArray();
        var strangers = photos.Where(p => p.Path.StartsWith("strangers/", StringComparison.Ordinal)).Select(p => p.Persons.Single()).ToArray();
        var groups = photos.Where(p => p.Path.StartsWith("groups/", StringComparison.Ordinal)).ToArray();
        Assert.True(people.Length >= 12);
        Assert.All(people, person => Assert.Equal(4, person.Count()));
        Assert.All(people.SelectMany(p => p), p => Assert.StartsWith($"people/{p.Persons[0]}/", p.Path, StringComparison.Ordinal));
        Assert.Equal(8, strangers.Distinct().Count());
        Assert.Equal(2, groups.Length);
        Assert.All(groups, g => Assert.True(g.Persons.Count(p => people.Any(x => x.Key == p)) >= 2 && g.Persons.Count(p => strangers.Contains(p)) == 1));
    }

    [Fact]
    public void Pictures_All_DecodeAndStayUnderFiveMegabytes()
    {
        var files = SampleManifest.Read(Folder).Select(p => Path.Combine(Folder, p.Path)).ToArray();

        Assert.True(files.Sum(f => new FileInfo(f).Length) < 5_000_000);
        Assert.All(files, f =>
        {
            using var image = Image.NewFromFile(f, failOn: Enums.FailOn.Warning);
            Assert.True(image.Width >= 400 && image.Height >= 400 && image.Bands == 3 && image.Avg() > 20);
        });
    }

    [Fact]
    public void Pictures_WithTheTestModels_ShowTheirPersonsAndTellThemApart()
    {
        SharedData.SkipUnlessPresent();

        AssertSeparated(SharedData.Models, "yunet-n", "mobilefacenet-112x96");
    }

    [Fact]
    public void Pictures_WithTheShippedModels_ShowTheirPersonsAndTellThemApart()
    {
        Assert.SkipUnless(Directory.EnumerateFiles(Models, "*.onnx").Any(), "Needs the starter models in shared/models.");

        var list = List(Models);
        AssertSeparated(Models, list.Chosen(ModelKind.Detector)!, list.Chosen(ModelKind.Encoder)!);
    }

    [Fact]
    public void Pictures_AmongTheTrainingCrops_AreNobodys()
    {
        SharedData.SkipUnlessPresent();
        var taught = Path.Combine(SharedData.Root, "data", "train-crops", "teacher.f16");
        Assert.SkipUnless(File.Exists(taught), "Needs the embeddings of the training crops.");
        var encoder = List(SharedData.Models).Find("mobilefacenet-112x96")!;

        // The test model's embeddings of all crops, in float16, 128 dimensions.
        var crops = MemoryMarshal.Cast<byte, Half>(File.ReadAllBytes(taught)).ToArray().Select(value => (float)value).ToArray();
        var gallery = new TrainingGallery(crops, 128);
        using var opened = Open(encoder);
        var photos = Judged(Models, List(Models).Chosen(ModelKind.Detector)!, opened);

        var nearest = photos.SelectMany(p => p.Faces).Max(face => gallery.Nearest(face.Embedding(0)).Similarity);
        Assert.True(nearest <= Threshold(encoder, falseAcceptRate: 1e-3), $"a sample is {nearest} near to a training crop");
    }

    // As like as few other persons are, and as unlike as most are: by what the encoder's own calibration says.
    private static void AssertSeparated(string models, string detector, string encoder)
    {
        var listed = List(models).Find(encoder)!;
        using var opened = Open(listed);

        var photos = Judged(models, detector, opened);

        Assert.All(photos, p => Assert.True(p.Persons.Count == p.Faces.Count, $"{p.Path}: {p.Faces.Count} faces for {p.Persons.Count} persons"));
        Assert.All(photos.SelectMany(p => p.Faces), face => Assert.True(face.Passes));
        var measures = SampleMeasures.Of(opened.Name, 0, photos, null);
        var threshold = Threshold(listed, falseAcceptRate: 1e-3);
        Assert.True(measures.Genuine[0] > threshold, $"lowest of one person {measures.Genuine[0]}");
        Assert.True(measures.Impostor[^1] < threshold, $"highest of two persons {measures.Impostor[^1]}");
        Assert.True(measures.Genuine[0] - measures.Impostor[^1] > 0.1f, $"lowest of one person {measures.Genuine[0]}, highest of two persons {measures.Impostor[^1]}");
    }

    private static SamplePhoto[] Judged(string models, string detector, SampleEncoder encoder)
    {
        using var finder = new FaceFinder(models, detector);
        var judge = new SampleJudge([finder], [encoder]);
        return [.. SampleManifest.Read(Folder).Select(p =>
        {
            var jpeg = File.ReadAllBytes(Path.Combine(Folder, p.Path));
            var faces = judge.Faces(jpeg);

            // Before the finder is gone.
            _ = faces.Select(face => face.Embedding(0)).ToArray();
            return new SamplePhoto(p.Path, jpeg, p.Persons, faces);
        })];
    }

    private static SampleEncoder Open(ListedModel encoder) =>
        SampleEncoder.Open(string.Create(CultureInfo.InvariantCulture, $"{encoder.Open().Path}:{encoder.Entry.Std[0]}{(encoder.Entry.Mirror ? ":mirror" : "")}"));

    private static ModelList List(string models) => ModelList.Load(new ModelsOptions { Directory = models });

    private static float Threshold(ListedModel encoder, double falseAcceptRate) =>
        encoder.Entry.Calibration!.Points.Single(point => point.FalseAcceptRate == falseAcceptRate).Threshold;
}
