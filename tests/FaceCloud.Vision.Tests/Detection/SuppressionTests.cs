using FaceCloud.Contracts;
using FaceCloud.Vision.Detection;

namespace FaceCloud.Vision.Tests.Detection;

public sealed class SuppressionTests
{
    [Theory]
    [InlineData(0, 0, 10, 10, 1)]
    [InlineData(5, 0, 10, 10, 1 / 3f)]
    [InlineData(0, 0, 5, 10, 0.5f)]
    [InlineData(10, 0, 10, 10, 0)]
    [InlineData(20, 20, 10, 10, 0)]
    public void IntersectionOverUnion_TwoBoxes_IsSharedOverCovered(float x, float y, float width, float height, float expected)
    {
        var box = new FaceBox(0, 0, 10, 10);

        Assert.Equal(expected, Suppression.IntersectionOverUnion(box, new FaceBox(x, y, width, height)), 1e-6f);
    }

    [Fact]
    public void Apply_Overlapping_KeepsTheSurest()
    {
        List<DetectedFace> faces = [Face(0, 0.6f), Face(2, 0.9f), Face(50, 0.7f)];

        Suppression.Apply(faces, 0.45f);

        Assert.Equal([0.9f, 0.7f], faces.Select(face => face.Score));
    }

    [Fact]
    public void Apply_OverlapsOnlyWithOneThatWent_Stays()
    {
        // A overlaps B, B overlaps C, A and C do not: B goes, C stays.
        List<DetectedFace> faces = [Face(0, 0.9f), Face(3, 0.8f), Face(6, 0.7f)];

        Suppression.Apply(faces, 0.4f);

        Assert.Equal([0.9f, 0.7f], faces.Select(face => face.Score));
    }

    [Fact]
    public void Apply_OverlapExactlyAtLimit_Stays()
    {
        List<DetectedFace> faces = [Face(0, 0.9f), Face(5, 0.8f)];

        Suppression.Apply(faces, Suppression.IntersectionOverUnion(faces[0].Box, faces[1].Box));

        Assert.Equal(2, faces.Count);
    }

    [Fact]
    public void Apply_RandomBoxes_EqualsNaive()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var faces = Enumerable.Range(0, 60).Select(i => Face(random.Next(60), i / 100f)).ToList();
            var naive = new List<DetectedFace>();
            foreach (var face in faces.OrderByDescending(face => face.Score))
            {
                if (naive.TrueForAll(kept => Suppression.IntersectionOverUnion(kept.Box, face.Box) <= 0.3f))
                {
                    naive.Add(face);
                }
            }

            Suppression.Apply(faces, 0.3f);

            Assert.Equal(naive, faces);
        }
    }

    [Fact]
    public void SortBySize_EqualSizes_SurestThenFirstCome()
    {
        List<DetectedFace> faces = [Face(0, 0.5f), Face(20, 0.9f), Face(40, 0.5f), Face(60, 0.1f, size: 30)];

        Suppression.SortBySize(faces);

        Assert.Equal([60f, 20f, 0f, 40f], faces.Select(face => face.Box.X));
    }

    private static DetectedFace Face(float x, float score, float size = 10) => new(new FaceBox(x, 0, size, size), default, score);
}
