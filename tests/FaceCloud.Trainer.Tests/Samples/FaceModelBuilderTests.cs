using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Samples.Model;
using FaceCloud.Trainer.Samples.People;
using FaceCloud.Trainer.Tests.Support;
using NetVips;

namespace FaceCloud.Trainer.Tests.Samples;

/// <summary>From photos to a person's portrait, on pictures that are nobody's.</summary>
public sealed class FaceModelBuilderTests : IDisposable
{
    private static readonly FaceModelOptions Small = new()
    {
        Persons = 12,
        SinglePhotos = 4,
        ShapeRank = 3,
        TextureRank = 5,
        Rounds = [(0, 3, 3, 1), (2, 2, 2, 1)],
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_SamePhotosTwice_LearnsTheSameModelAndThenReadsIt()
    {
        var source = new DrawnSource(persons: 12, photos: 4);
        using var pixels = PixelCache.Open(source, _folder["pixels"], null, TestContext.Current.CancellationToken);
        var lines = new List<string>();

        var learned = Open(source, pixels, _folder.Path, lines);
        var told = lines.Count;
        var read = Open(source, pixels, _folder.Path, lines);
        Directory.CreateDirectory(_folder["again"]);
        var again = Open(source, pixels, _folder["again"], lines);

        Assert.True(told > 0);
        Assert.Equal(learned.Persons, read.Persons);
        Assert.Equal(learned.Persons, again.Persons);
        Assert.Equal(learned.Deviations, again.Deviations);
        Assert.Equal(8, learned.Rank);
        Assert.Equal(learned.Persons.Length, learned.PersonRows.Distinct().Count());
        Assert.All(learned.Persons.SelectMany(p => p), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Portrait_SamePersonTakeAndExpression_IsTheSamePictureAndAnotherIsNot()
    {
        var source = new DrawnSource(persons: 12, photos: 4);
        using var pixels = PixelCache.Open(source, _folder["pixels"], null, TestContext.Current.CancellationToken);
        var model = Open(source, pixels, _folder.Path, []);
        var sampler = new PersonSampler(model, [.. model.Persons.Select((_, i) => i % 2 == 0 ? 2f : -2)]);
        var random = new GaussianRandom(1, 1);
        var kind = sampler.Kind(random);
        var person = new Casting(model).Dress(sampler.Person(kind, random, 1), kind.Woman, 3);
        var studio = new SampleStudio(model);

        var deviation = sampler.Deviation(random, 0.5f);

        var portrait = studio.Portrait(person, 0)(deviation);

        Assert.Equal(portrait, studio.Portrait(person, 0)(deviation));
        Assert.NotEqual(portrait, studio.Portrait(person, 0)(new float[deviation.Length]));
        Assert.NotEqual(portrait, studio.Portrait(person, 1)(deviation));
        using var image = Image.NewFromBuffer(portrait);
        Assert.Equal((SampleStudio.Width, SampleStudio.Height), (image.Width, image.Height));
    }

    [Fact]
    public void Near_ManySmallSteps_StayAsFarFromTheCentreAsANewPerson()
    {
        var source = new DrawnSource(persons: 12, photos: 4);
        using var pixels = PixelCache.Open(source, _folder["pixels"], null, TestContext.Current.CancellationToken);
        var model = Open(source, pixels, _folder.Path, []);
        var sampler = new PersonSampler(model, [.. model.Persons.Select(_ => 2f)]);
        var random = new GaussianRandom(1, 1);
        var kind = sampler.Kind(random);

        var drawn = Enumerable.Range(0, 300).Average(_ => Distance(kind.Centre, sampler.Person(kind, random, 1)));
        var place = sampler.Person(kind, random, 1);
        var stepped = Enumerable.Range(0, 300).Average(_ => Distance(kind.Centre, place = sampler.Near(kind, place, random, 1, 0.4f)));

        Assert.InRange(stepped / drawn, 0.8, 1.2);
    }

    public void Dispose() => _folder.Dispose();

    private static FaceModel Open(IFaceSource source, PixelCache pixels, string folder, List<string> lines) =>
        FaceModelCache.Open(source, pixels, Small, folder, lines.Add, TestContext.Current.CancellationToken);

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b).Sum(p => (double)(p.First - p.Second) * (p.First - p.Second)));
}
