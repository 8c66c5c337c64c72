using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Evaluation;

public sealed class VerificationPairsTests
{
    [Fact]
    public void Draw_PersonsHeldOut_GivesEveryPairOfOneAndAsManyOfTwo()
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 4, photos: 3, validationPersons: 2);
        var source = new CropShards(folder.Path);

        var pairs = VerificationPairs.Draw(source, most: 100, seed: 1)!;

        Assert.Equal([(6, 7), (6, 8), (7, 8), (9, 10), (9, 11), (10, 11)], pairs.Pairs.Where(p => p.Same).Select(p => (p.First, p.Second)).Order());
        Assert.Equal(6, pairs.Pairs.Count(p => !p.Same));
        Assert.All(pairs.Pairs.Where(p => !p.Same), p => Assert.NotEqual(source.Faces[p.First].Identity, source.Faces[p.Second].Identity));
        Assert.All(pairs.Rows, row => Assert.Equal(FaceSplit.Validation, source.Faces[row].Split));
        Assert.Equal(2, VerificationPairs.Draw(source, most: 2, seed: 1)!.Pairs.Count(p => p.Same));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 0)]
    public void Draw_TooFewHeldOut_GivesNothing(int photos, int validationPersons)
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 3, photos, validationPersons: validationPersons);

        Assert.Null(VerificationPairs.Draw(new CropShards(folder.Path), most: 10, seed: 1));
    }

    [Fact]
    public void Without_DamagedPhotos_DropsTheirPairs()
    {
        var pairs = new VerificationPairs([(0, 1, true), (1, 2, false), (2, 3, true)]);

        Assert.Equal([(2, 3, true)], pairs.Without(new HashSet<int> { 1 }).Pairs);
    }
}
