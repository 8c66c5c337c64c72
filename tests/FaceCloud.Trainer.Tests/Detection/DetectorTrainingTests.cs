using System.Globalization;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class DetectorTrainingTests : IDisposable
{
    private static readonly DetectorArchitecture Tiny = new("tiny", 4, [new(4, 0), new(6, 0), new(8, 0), new(8, 0)], 8);

    private static readonly DetectorTrainingOptions Options = new()
    {
        Steps = 9,
        Sides = [64, 96],
        PixelsPerBatch = 2 * 96 * 96,
        WarmUpSteps = 2,
        Threads = 1,
        LogEvery = 4,
        ScoreEvery = 3,
        CheckpointEvery = TimeSpan.FromHours(1),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly LabelledPhotos _photos;
    private readonly PhotoCache _cache;
    private DetectorTraining? _current;

    public DetectorTrainingTests()
    {
        LabelledDrawings.Write(_folder.Path, count: 30, faceFree: 6);
        _photos = new LabelledPhotos(_folder.Path);
        _cache = PhotoCache.Open(_photos, _folder["cache"], CancellationToken.None);
    }

    [Fact]
    public async Task RunAsync_InterruptedAndResumed_GivesTheSameCurveAndWeights()
    {
        using var whole = Training(Options, "whole");
        await whole.RunAsync(resume: false, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        using (var interrupted = Training(Options, "parted", line =>
        {
            // Between two rows of the metrics of four steps, so sums have to travel too.
            if (line.StartsWith("step 3:", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupted.RunAsync(resume: false, stop.Token));
            Assert.Equal(3, interrupted.Step);
        }

        using var resumed = Training(Options, "parted");
        await resumed.RunAsync(resume: true, CancellationToken.None);

        Assert.Equal(9, resumed.Step);
        Assert.Equal(Weights(whole), Weights(resumed));
        Assert.Equal(Curve("whole", "metrics.csv"), Curve("parted", "metrics.csv"));
        Assert.Equal(Curve("whole", "scores.csv"), Curve("parted", "scores.csv"));
        Assert.Equal(3, Curve("whole", "metrics.csv").Length);
        Assert.Equal(4, Curve("whole", "scores.csv").Length);
        Assert.True(File.Exists(_folder["parted/loss.svg"]));
    }

    [Fact]
    public async Task RunAsync_DrawnFaces_LossFalls()
    {
        using var training = Training(Options with { Steps = 100, LogEvery = 10, ScoreEvery = 1000, LearningRate = 1e-2, CoolDown = 0.1 }, "run");

        await training.RunAsync(resume: false, CancellationToken.None);

        var losses = Curve("run", "metrics.csv").Skip(1).Select(row => double.Parse(row.Split(',')[2], CultureInfo.InvariantCulture)).ToArray();
        Assert.True(losses[^1] < 0.7 * losses[0], $"the loss went from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public async Task RunAsync_LossBecomesNaN_StopsWithASentenceAndKeepsTheLastCheckpoint()
    {
        using (var sound = Training(Options with { Steps = 3 }, "run"))
        {
            await sound.RunAsync(resume: false, CancellationToken.None);
        }

        var before = await File.ReadAllBytesAsync(_folder["run/last.checkpoint"], CancellationToken.None);
        using var broken = Training(Options, "run", line =>
        {
            if (line.StartsWith("Resumed", StringComparison.Ordinal))
            {
                Spoil(broken: _current!);
            }
        });
        _current = broken;

        var failure = await Assert.ThrowsAsync<TrainerException>(() => broken.RunAsync(resume: true, CancellationToken.None));

        Assert.Contains("The loss became NaN", failure.Message, StringComparison.Ordinal);
        Assert.Contains("last checkpoint is kept", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["run/last.checkpoint"], CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_FolderHoldsARun_IsNotOverwritten()
    {
        using var first = Training(Options with { Steps = 1 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        using var second = Training(Options, "run");

        var failure = await Assert.ThrowsAsync<TrainerException>(() => second.RunAsync(resume: false, CancellationToken.None));

        Assert.Contains("--resume", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CheckpointOfAnotherArchitecture_IsRefused()
    {
        using var first = Training(Options with { Steps = 1 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        using var other = Training(Options, "run", architecture: Tiny with { Name = "other", Neck = 4 });

        var failure = await Assert.ThrowsAsync<TrainerException>(() => other.RunAsync(resume: true, CancellationToken.None));

        Assert.Contains("'tiny', not the 'other'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OtherSettings_AreRefusedButALongerRunIsNot()
    {
        using var first = Training(Options with { Steps = 2 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        using var other = Training(Options with { Seed = 2 }, "run");
        using var longer = Training(Options with { Steps = 4 }, "run");

        var failure = await Assert.ThrowsAsync<TrainerException>(() => other.RunAsync(resume: true, CancellationToken.None));
        await longer.RunAsync(resume: true, CancellationToken.None);

        Assert.Contains("other settings", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, longer.Step);
    }

    [Fact]
    public async Task RunAsync_OtherLabels_AreRefused()
    {
        using var first = Training(Options with { Steps = 1 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        File.WriteAllText(_folder["ignore.csv"], "name,x,y,w,h,score\n0.png,1,2,3,4,0.4\n");
        var changed = new LabelledPhotos(_folder.Path);
        using var cache = PhotoCache.Open(changed, _folder["cache"], CancellationToken.None);
        using var second = new DetectorTraining(Options, _folder["run"], changed, cache, TimeProvider.System, _ => { }, Tiny);

        var failure = await Assert.ThrowsAsync<TrainerException>(() => second.RunAsync(resume: true, CancellationToken.None));

        Assert.Contains("other photos or labels", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_FolderGone_SaysSo()
    {
        using var training = Training(Options with { Steps = 1 }, "run");
        await training.RunAsync(resume: false, CancellationToken.None);
        var header = DetectorCheckpoint.LoadNetwork(training.CheckpointPath).Header;

        var failure = Assert.Throws<TrainerException>(() =>
            DetectorCheckpoint.Save(_folder["gone/last.checkpoint"], header, training.Network, TorchSharp.torch.optim.AdamW(training.Network.parameters())));

        Assert.Contains("could not be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadNetwork_CutShort_IsNamed()
    {
        using var training = Training(Options with { Steps = 1 }, "run");
        await training.RunAsync(resume: false, CancellationToken.None);
        var bytes = await File.ReadAllBytesAsync(training.CheckpointPath, CancellationToken.None);
        await File.WriteAllBytesAsync(training.CheckpointPath, bytes[..(bytes.Length / 4)], CancellationToken.None);

        var failure = Assert.Throws<TrainerException>(() => DetectorCheckpoint.LoadNetwork(training.CheckpointPath));

        Assert.Contains("is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_EveryPhotoDamaged_SaysSo()
    {
        using var folder = new TemporaryFolder();
        LabelledDrawings.Write(folder.Path, count: 1, damaged: 0);
        var photos = new LabelledPhotos(folder.Path);
        using var cache = PhotoCache.Open(photos, folder["cache"], CancellationToken.None);

        var failure = Assert.Throws<TrainerException>(() => new DetectorTraining(Options, _folder["run"], photos, cache, TimeProvider.System, _ => { }, Tiny));

        Assert.Contains("No photo with a labelled face is left", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OddSide_IsRefused()
    {
        var failure = Assert.Throws<TrainerException>(() => Training(Options with { Sides = [100] }, "run"));

        Assert.Contains("multiples of 32", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LearningRateAt_Run_RisesHoldsAndFalls()
    {
        var options = new DetectorTrainingOptions { LearningRate = 1, WarmUpSteps = 10, CoolDown = 0.5, Steps = 100 };

        Assert.Equal(0.1, options.LearningRateAt(0), 6);
        Assert.Equal(1, options.LearningRateAt(50), 6);
        Assert.Equal(0.5, options.LearningRateAt(75), 6);
        Assert.Equal(0.02, options.LearningRateAt(99), 6);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _folder.Dispose();
    }

    private static void Spoil(DetectorTraining broken)
    {
        using var guard = TorchSharp.torch.no_grad();
        broken.Network.Heads[0].Offset.fill_(float.NaN);
    }

    private DetectorTraining Training(DetectorTrainingOptions options, string run, Action<string>? report = null, DetectorArchitecture? architecture = null) =>
        new(options, _folder[run], _photos, _cache, TimeProvider.System, report ?? (_ => { }), architecture ?? Tiny);

    private static float[] Weights(DetectorTraining training) =>
        [.. training.Network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.data<float>().ToArray())];

    /// <summary>Without the last column, which is time.</summary>
    private string[] Curve(string run, string file) =>
        [.. File.ReadAllLines(_folder[$"{run}/{file}"]).Select(line => file == "metrics.csv" ? line[..line.LastIndexOf(',')] : line)];
}
