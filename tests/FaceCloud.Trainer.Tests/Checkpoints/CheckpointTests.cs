using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Tests.Support;
using FaceCloud.Trainer.Training;

namespace FaceCloud.Trainer.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private static readonly EncoderArchitecture Tiny = new("tiny", 112, 2, [new(3, 0)], 4);

    [Fact]
    public void Save_FolderThatCannotBeWritten_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var network = new EncoderNetwork(Tiny);
        using var optimiser = new EncoderOptimiser(network, null, new EncoderTrainingOptions());

        var failure = Assert.Throws<TrainerException>(() => Checkpoint.Save(folder["gone/last.checkpoint"], Header(1), network, null, optimiser));

        Assert.Contains("could not be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_SecondTime_ReplacesTheFirstAndLeavesNothingElse()
    {
        using var folder = new TemporaryFolder();
        using var network = new EncoderNetwork(Tiny);
        using var optimiser = new EncoderOptimiser(network, null, new EncoderTrainingOptions());
        var path = folder[Checkpoint.FileName];

        Checkpoint.Save(path, Header(1), network, null, optimiser);
        Checkpoint.Save(path, Header(2), network, null, optimiser);

        Assert.Equal(2, Checkpoint.ReadHeader(path).Step);
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    private static CheckpointHeader Header(long step) => new(Tiny, step, new EncoderTrainingOptions(), "photos", new MetricWindow());
}
