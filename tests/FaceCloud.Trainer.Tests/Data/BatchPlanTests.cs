using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Data;

public sealed class BatchPlanTests
{
    [Fact]
    public void Pass_EveryBatch_HoldsPersonsTimesPhotosAndItsShareOfUnlabelled()
    {
        var plan = new BatchPlan(Set(persons: 6, photos: 3, unlabelled: 6), 2, 3, useUnlabelled: true, seed: 1);

        var batches = plan.Pass(0);

        Assert.Equal(3, batches.Count);
        Assert.All(batches, batch =>
        {
            Assert.Equal([3, 3], batch.Where(p => p.Person >= 0).GroupBy(p => p.Person).Select(g => g.Count()));
            Assert.Equal(2, batch.Count(p => p.Person < 0));
        });
        Assert.Equal(Enumerable.Range(0, 24), batches.SelectMany(b => b).Select(p => p.Row).Order());
    }

    [Fact]
    public void Pass_MorePhotosThanFit_ShowsEachAndFillsTheLastGroup()
    {
        var plan = new BatchPlan(Set(persons: 2, photos: 5), 1, 4, useUnlabelled: false, seed: 1);

        var batches = plan.Pass(0);

        Assert.All(batches, batch => Assert.Equal(4, batch.Select(p => p.Row).Distinct().Count()));
        Assert.Equal(Enumerable.Range(0, 10), batches.SelectMany(b => b).Select(p => p.Row).Distinct().Order());
    }

    [Fact]
    public void Pass_SameSeed_IsTheSame()
    {
        var set = Set(persons: 8, photos: 3, unlabelled: 5);

        var first = new BatchPlan(set, 3, 2, useUnlabelled: true, seed: 7).Pass(4);
        var second = new BatchPlan(set, 3, 2, useUnlabelled: true, seed: 7).Pass(4);

        Assert.Equal(first, second);
        Assert.NotEqual(first, new BatchPlan(set, 3, 2, useUnlabelled: true, seed: 7).Pass(5));
        Assert.NotEqual(first, new BatchPlan(set, 3, 2, useUnlabelled: true, seed: 8).Pass(4));
    }

    [Fact]
    public void Pass_WithoutDistillation_HasNoUnlabelledPhotos()
    {
        var plan = new BatchPlan(Set(persons: 4, photos: 2, unlabelled: 9), 2, 2, useUnlabelled: false, seed: 1);

        Assert.All(plan.Pass(0).SelectMany(b => b), p => Assert.True(p.Person >= 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Pass_FarMoreUnlabelledPhotos_KeepsBatchesSmall(int persons)
    {
        var plan = new BatchPlan(Set(persons, photos: 2, unlabelled: 20), 2, 2, useUnlabelled: true, seed: 1);

        var batches = plan.Pass(0);

        Assert.Equal(5, batches.Count);
        Assert.All(batches, batch => Assert.Equal((4, 2 * persons), (batch.Count(p => p.Person < 0), batch.Count(p => p.Person >= 0))));
    }

    [Fact]
    public void Constructor_OnePersonAndNoDistillation_IsRefused()
    {
        var failure = Assert.Throws<TrainerException>(() => new BatchPlan(Set(persons: 1, photos: 4), 2, 2, useUnlabelled: false, seed: 1));

        Assert.Contains("at least two persons", failure.Message, StringComparison.Ordinal);
    }

    private static TrainingSet Set(int persons, int photos, int unlabelled = 0)
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons, photos, unlabelled);
        return TrainingSet.Build(new CropShards(folder.Path), new HashSet<int>());
    }
}
