using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Samples;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Samples;

/// <summary>What an interrupted search leaves behind.</summary>
public sealed class SampleProgressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_AfterSomeCandidates_KnowsThem()
    {
        var progress = SampleProgress.Open(_folder.Path, "seed 1");
        progress.Add(new SampleProgress.Tried(4, "ada", [0.1f, -2.5f]));
        progress.Add(new SampleProgress.Tried(9, null, null));

        var again = SampleProgress.Open(_folder.Path, "seed 1");

        Assert.Equal(2, again.Count);
        Assert.Equal("ada", again.Find(4)!.Name);
        Assert.Equal([0.1f, -2.5f], again.Find(4)!.Place!);
        Assert.Null(again.Find(9)!.Name);
        Assert.Null(again.Find(5));
    }

    [Fact]
    public void Open_LineCutOff_ForgetsThatCandidateOnly()
    {
        SampleProgress.Open(_folder.Path, "seed 1").Add(new SampleProgress.Tried(4, "ada", [1]));
        var path = _folder[SampleProgress.FileName];
        File.AppendAllText(path, "{\"Candidate\":7,\"Na");

        var progress = SampleProgress.Open(_folder.Path, "seed 1");
        progress.Add(new SampleProgress.Tried(7, "bob", [2]));

        var again = SampleProgress.Open(_folder.Path, "seed 1");
        Assert.Equal("ada", again.Find(4)!.Name);
        Assert.Equal("bob", again.Find(7)!.Name);
    }

    [Fact]
    public void Open_OtherSettings_AreNotMixed()
    {
        SampleProgress.Open(_folder.Path, "seed 1");

        var failure = Assert.Throws<TrainerException>(() => SampleProgress.Open(_folder.Path, "seed 2"));

        Assert.Contains("other settings", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoProgressOfOurs_IsNamed()
    {
        File.WriteAllText(_folder[SampleProgress.FileName], "\"seed 1\"\nhello\n");

        var failure = Assert.Throws<TrainerException>(() => SampleProgress.Open(_folder.Path, "seed 1"));

        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
