using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Samples;
using FaceCloud.Trainer.Samples.Judging;
using FaceCloud.Trainer.Samples.People;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Samples;

/// <summary>Which persons and photos may be shipped.</summary>
public sealed class SelectionTests
{
    [Fact]
    public void Excess_FaceOfATrainingCrop_IsBeyondTheLimit()
    {
        // Two crops; the face is the second one, slightly changed, and then one that is like neither.
        var gallery = new TrainingGallery([1, 0, 0, 0, 1, 0], 3);
        var rules = new SampleRules(new SampleOptions { MostTraining = 0.4f }, [(0, gallery)]);

        Assert.Equal(0.56f, rules.Excess(Face([0.28f, 0.96f, 0]), "ada", []), 0.001f);
        Assert.Equal(-0.1f, rules.Excess(Face([0.3f, 0.3f, 0.9f]), "ada", []), 0.001f);
    }

    [Fact]
    public void Nearest_SeveralCrops_NamesTheRow()
    {
        var gallery = new TrainingGallery([1, 0, 0.6f, 0.8f, 0, 1], 2);

        Assert.Equal((1f, 1), gallery.Nearest([0.6f, 0.8f]));
        Assert.Equal(3, gallery.Count);
    }

    [Fact]
    public void HeldOut_CropsOfValidation_AreComparedWithTrainingOnly()
    {
        FaceRecord[] faces = [new("0", "a", FaceSplit.Train), new("1", "b", FaceSplit.Validation), new("2", "b", FaceSplit.Validation)];

        var nearest = new TrainingGallery([1, 0, 0.6f, 0.8f, 0, 1], 2).HeldOut(faces, most: 10);

        Assert.Equal([0, 0.6f], nearest);
    }

    [Fact]
    public void Excess_FacesTaken_MustBeLikeTheirOwnAndUnlikeOthersForEveryEncoder()
    {
        var rules = new SampleRules(new SampleOptions { LeastSame = 0.5f, MostDifferent = 0.25f }, []);
        rules.Take(Face([1, 0], [1, 0]), "ada");

        Assert.True(rules.Excess(Face([0.8f, 0.6f], [0.8f, 0.6f]), "ada", []) <= 0);
        Assert.Equal(0.5f, rules.Excess(Face([0.8f, 0.6f], [0, 1]), "ada", []), 0.001f);
        Assert.Equal(0.55f, rules.Excess(Face([0.8f, 0.6f], [0, 1]), "bob", []), 0.001f);
        Assert.Equal(0.05f, rules.Excess(Face([0, 1], [0.3f, 0.95f]), "bob", []), 0.001f);
        Assert.True(rules.Excess(Face([0, 1], [0, 1]), "bob", []) <= 0);
        Assert.Equal(0.5f, rules.Excess(Face([0, 1], [0, 1]), "bob", [Face([0, 1], [1, 0])]), 0.001f);
    }

    [Fact]
    public void Ease_Once_LetsPersonsBeMoreAlikeButNotNearerToCrops()
    {
        var rules = new SampleRules(new SampleOptions { MostDifferent = 0.25f, Easing = 0.1f, MostTraining = 0.4f }, [(0, new TrainingGallery([0, 1], 2))]);
        rules.Take(Face([1, 0]), "ada");

        var eased = rules.Ease();

        Assert.Equal(0.35f, eased!.Value, 0.001f);
        Assert.Equal(0.25f, rules.Excess(Face([0.6f, -0.8f]), "bob", []), 0.001f);
        Assert.Equal(0.4f, rules.Excess(Face([0.6f, 0.8f]), "bob", []), 0.001f);
    }

    [Fact]
    public void Ease_Again_StopsAtTheLargest()
    {
        var rules = new SampleRules(new SampleOptions { MostDifferent = 0.25f, Easing = 0.1f, MostEased = 0.39f }, []);
        rules.Take(Face([1, 0]), "ada");

        float?[] eased = [rules.Ease(), rules.Ease(), rules.Ease()];

        Assert.Equal((0.35f, 0.39f, null), (MathF.Round(eased[0]!.Value, 3), MathF.Round(eased[1]!.Value, 3), eased[2]));
        Assert.Equal(0.21f, rules.Excess(Face([0.6f, 0.8f]), "bob", []), 0.001f);
    }

    [Fact]
    public void Excess_AlreadyTooNearToACrop_AsksNoOtherEncoder()
    {
        var asked = new List<int>();
        var rules = new SampleRules(new SampleOptions { MostTraining = 0.4f }, [(1, new TrainingGallery([1], 1))]);
        rules.Take(Face([1], [1]), "ada");
        var face = new JudgedFace(0.5f, true, 2, i =>
        {
            asked.Add(i);
            return [1];
        });

        var excess = rules.Excess(face, "bob", [], enough: 0.5f);

        Assert.Equal(0.6f, excess, 0.001f);
        Assert.Equal([1], asked);
    }

    [Fact]
    public void Embedding_EncoderNotAsked_IsNotRun()
    {
        var asked = new List<int>();
        var face = new JudgedFace(0.5f, true, 2, i =>
        {
            asked.Add(i);
            return [1];
        });

        face.Embedding(1);
        face.Embedding(1);

        Assert.Equal([1], asked);
    }

    [Fact]
    public void FarthestFirst_TwoKinds_TakesTurnsAndTheFarthest()
    {
        float[] places = [0, 1, 5, 9, 2];
        bool[] women = [true, true, false, false, true];

        var order = PersonOrder.FarthestFirst(women, (a, b) => -MathF.Abs(places[a] - places[b]), first: 0);

        Assert.Equal([0, 3, 4, 2, 1], order);
    }

    [Fact]
    public void Of_TwoPersonsAndACrop_SplitsGenuineAndImpostor()
    {
        SamplePhoto[] photos = [Photo("a/1.jpg", "a", [1, 0]), Photo("a/2.jpg", "a", [0.8f, 0.6f]), Photo("b/1.jpg", "b", [0, 1])];

        var measures = SampleMeasures.Of("e", 0, photos, new TrainingGallery([0, -1], 2));

        Assert.Equal([0.8f], measures.Genuine);
        Assert.Equal([0, 0.6f], measures.Impostor);
        Assert.Equal([-1, -0.6f, 0], measures.Training);
        Assert.Contains("| e | 0.800 |", SampleReport.Table([measures]), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Folder_ReadsBackWhoIsWho()
    {
        using var folder = new TemporaryFolder();
        var group = new SamplePhoto("groups/g.jpg", [1, 2], ["a", "b"], []);

        var samples = SampleFolder.Open(folder.Path, "settings");
        samples.Write(group.Path, group.Jpeg);
        samples.Finish([Photo("people/a/1.jpg", "a", [1]), group]);

        var read = SampleManifest.Read(folder.Path);
        Assert.Equal(["people/a/1.jpg", "groups/g.jpg"], read.Select(r => r.Path));
        Assert.Equal(["a", "b"], read[1].Persons);
        Assert.Equal([1, 2], File.ReadAllBytes(folder["groups/g.jpg"]));
        Assert.False(File.Exists(folder[SampleProgress.FileName]));
    }

    [Fact]
    public void Read_NoManifestOrAnother_SaysSo()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("holds no manifest.csv", Assert.Throws<TrainerException>(() => SampleManifest.Read(folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["manifest.csv"], "a,b,c\n");
        Assert.Contains("does not begin", Assert.Throws<TrainerException>(() => SampleManifest.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static JudgedFace Face(params float[][] embeddings) => new(0.5f, true, embeddings.Length, i => embeddings[i]);

    private static SamplePhoto Photo(string path, string person, float[] embedding) => new(path, [7], [person], [Face(embedding)]);
}
