using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Tests.Samples;

/// <summary>Directions of variance, and what is a person's and what a photo's.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void Fit_DataOfTwoDirections_ComposesThemAgain()
    {
        var random = new GaussianRandom(1, 0);
        var (first, second) = (Direction(random), Direction(random));
        var rows = Enumerable.Range(0, 200).Select(_ =>
        {
            var (a, b) = (5 * random.Next(), 2 * random.Next());
            return first.Zip(second, (f, s) => 10 + (a * f) + (b * s)).ToArray();
        }).ToArray();
        using var data = PhotoTensor.Copy([.. rows.SelectMany(r => r)], rows.Length, first.Length);

        var components = PrincipalComponents.Fit(data, rank: 2, seed: 1);

        var coefficients = components.Project(data);
        for (var row = 0; row < rows.Length; row++)
        {
            var composed = components.Compose(coefficients.AsSpan(row * 2, 2));
            Assert.All(composed.Zip(rows[row]), p => Assert.Equal(p.Second, p.First, 0.01f));
        }
    }

    [Fact]
    public void WriteRead_Components_AreTheSame()
    {
        using var data = PhotoTensor.Copy([1, 2, 3, 4, 5, 7, 2, 2, 9, 0, 1, 1], 4, 3);
        var components = PrincipalComponents.Fit(data, rank: 2, seed: 1);

        using var stream = new MemoryStream();
        components.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var read = PrincipalComponents.Read(new BinaryReader(stream));

        Assert.Equal(components.Basis, read.Basis);
        Assert.Equal(components.Mean, read.Mean);
        Assert.Equal(components.Deviations, read.Deviations);
    }

    [Fact]
    public void Part_PhotosOfKnownPersons_ComeCloserThanTheirMeansAndDeviateAsPhotosDo()
    {
        const int rank = 6;
        var random = new GaussianRandom(2, 0);
        var truth = new List<float[]>();
        var photos = new List<float[]>();
        var persons = new List<int[]>();
        for (var person = 0; person < 300; person++)
        {
            // Persons differ along the first half, photos along the second and a little everywhere.
            var place = Enumerable.Range(0, rank).Select(i => (i < 3 ? 2 : 0.2f) * random.Next()).ToArray();
            truth.Add(place);
            persons.Add([.. Enumerable.Range(photos.Count, 3)]);
            for (var photo = 0; photo < 3; photo++)
            {
                photos.Add([.. place.Select((p, i) => p + ((i < 3 ? 0.5f : 2) * random.Next()))]);
            }
        }

        var (parted, deviations) = PersonStatistics.Part([.. photos], persons);

        var ofMeans = persons.Select((rows, p) => Distance(truth[p], [.. Enumerable.Range(0, rank).Select(i => rows.Average(r => photos[r][i]))])).Average();
        var ofParted = parted.Select((place, p) => Distance(truth[p], place)).Average();
        Assert.True(ofParted < 0.5 * ofMeans, $"{ofParted} against {ofMeans}");
        Assert.InRange(Math.Sqrt(deviations.Average(d => d[5] * d[5])), 1.85, 2.15);
        Assert.InRange(Math.Sqrt(deviations.Average(d => d[0] * d[0])), 0.46, 0.54);
    }

    [Fact]
    public void Next_SameSeedAndPlace_GivesTheSameNumbers()
    {
        var (a, b, c) = (new GaussianRandom(7, 1), new GaussianRandom(7, 1), new GaussianRandom(7, 2));

        var drawn = Enumerable.Range(0, 2000).Select(_ => a.Next()).ToArray();

        Assert.Equal(drawn, Enumerable.Range(0, 2000).Select(_ => b.Next()));
        Assert.NotEqual(drawn, Enumerable.Range(0, 2000).Select(_ => c.Next()));
        Assert.InRange(drawn.Average(), -0.1f, 0.1f);
        Assert.InRange(drawn.Average(v => v * v), 0.9f, 1.1f);
    }

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b).Sum(p => (double)(p.First - p.Second) * (p.First - p.Second)));

    private static float[] Direction(GaussianRandom random) => [.. Enumerable.Range(0, 40).Select(_ => random.Next())];
}
