using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Tests.Data;

public sealed class TrainingSetTests
{
    [Fact]
    public void Build_LabelsOfOnePerson_AreOneClass()
    {
        var source = new ListedSource(
            [("a", "zoe", FaceSplit.Train), ("b", "anna", FaceSplit.Train), ("c", "zoe:2", FaceSplit.Train), ("d", "zoe", FaceSplit.Train)],
            [("zoe", "zoe:2")]);

        var set = TrainingSet.Build(source, new HashSet<int>());

        Assert.Equal([[1], [0, 2, 3]], set.Persons);
        Assert.Equal(["anna", "zoe"], set.Names);
        Assert.Equal(1, set.Report.MergedLabels);
        Assert.Equal(1, set.Report.SinglePhotoPersons);
    }

    [Fact]
    public void Build_PersonOfValidationUnderAnotherLabel_IsHeldBack()
    {
        var source = new ListedSource(
            [("a", "zoe", FaceSplit.Validation), ("b", "zoe:2", FaceSplit.Train), ("c", "anna", FaceSplit.Train), ("d", "zoe:3", FaceSplit.Train)],
            [("zoe:2", "zoe:3"), ("zoe:3", "zoe")]);

        var set = TrainingSet.Build(source, new HashSet<int>());

        Assert.Equal([[2]], set.Persons);
        Assert.Empty(set.Unlabelled);
        Assert.Equal(2, set.Report.HeldBack);
    }

    [Fact]
    public void Build_DoubtfulAndUnlabelledPhotos_ArePhotosOfNobody()
    {
        var source = new ListedSource(
            [("a", "zoe", FaceSplit.Train), ("b", null, FaceSplit.Train), ("c", "zoe", FaceSplit.Train), ("d", "anna", FaceSplit.Train)],
            [],
            doubtful: [2]);

        var set = TrainingSet.Build(source, new HashSet<int>());

        Assert.Equal([[3], [0]], set.Persons);
        Assert.Equal([1, 2], set.Unlabelled);
    }

    [Fact]
    public void Build_DamagedPhotos_AreLeftOut()
    {
        var source = new ListedSource([("a", "zoe", FaceSplit.Train), ("b", "zoe", FaceSplit.Train), ("c", null, FaceSplit.Train)], []);

        var set = TrainingSet.Build(source, new HashSet<int> { 1, 2 });

        Assert.Equal([[0]], set.Persons);
        Assert.Empty(set.Unlabelled);
        Assert.Equal(2, set.Report.Damaged);
    }

    [Fact]
    public void Build_NothingLeft_SaysWhy()
    {
        var source = new ListedSource([("a", "zoe", FaceSplit.Validation), ("b", "anna", FaceSplit.Train)], []);

        var failure = Assert.Throws<TrainerException>(() => TrainingSet.Build(source, new HashSet<int> { 1 }));

        Assert.Contains("No photo is left", failure.Message, StringComparison.Ordinal);
    }

    private sealed class ListedSource(
        (string Name, string? Identity, FaceSplit Split)[] faces,
        (string First, string Second)[] samePerson,
        int[]? doubtful = null) : IFaceSource
    {
        public IReadOnlyList<FaceRecord> Faces { get; } = [.. faces.Select(f => new FaceRecord(f.Name, f.Identity, f.Split))];

        public string Fingerprint => "listed";

        public IReadOnlyList<(string First, string Second)> SamePerson => samePerson;

        public IReadOnlySet<int> DoubtfulLabels { get; } = (doubtful ?? []).ToHashSet();

        public IEnumerable<EncodedFace> Read() => [];

        public byte[]? Pixels(byte[] photo) => null;
    }
}
