using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Tests.Support;
using FaceCloud.Trainer.Training;

namespace FaceCloud.Trainer.Tests.Training;

public sealed class EncoderTrainingTests : IDisposable
{
    private const int Dimension = 8;
    private const int Rows = 27;

    private static readonly EncoderArchitecture Tiny = new("tiny", 112, 3, [new(4, 1), new(6, 0), new(8, 1)], Dimension);

    private static readonly EncoderTrainingOptions Options = new()
    {
        Persons = 2,
        PhotosPerPerson = 3,
        Angular = 0.1,
        Passes = 3,
        SmallSide = 64,
        SmallPasses = 1.5,
        GentlePasses = 0.5,
        LearningRate = 1e-3,
        WarmUpSteps = 2,
        Threads = 1,
        LogEvery = 4,
        CheckpointEvery = TimeSpan.FromHours(1),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CropShards _source;
    private readonly PixelCache _pixels;
    private readonly TrainingSet _set;

    public EncoderTrainingTests()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 8, photos: 3, unlabelled: 3, validationPersons: 1);
        DrawnFaces.WriteTeacher(_folder["teacher.f16"], Rows, Dimension);
        File.WriteAllText(_folder["pairs.csv"], "a,b,same\n000021.webp,000022.webp,1\n000021.webp,000000.webp,0\n000022.webp,000023.webp,1\n000022.webp,000004.webp,0\n");
        _source = new CropShards(_folder.Path);
        _pixels = PixelCache.Open(_source, _folder["cache"], null, CancellationToken.None);
        _set = TrainingSet.Build(_source, _pixels.Damaged);
    }

    [Theory]
    [InlineData(OptimiserKind.AdamW)]
    [InlineData(OptimiserKind.Muon)]
    public async Task RunAsync_InterruptedAndResumed_GivesTheSameCurveAndWeights(OptimiserKind optimiser)
    {
        var options = Options with { Optimiser = optimiser };
        using var whole = Training(options, "whole");
        await whole.RunAsync(resume: false, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        using (var interrupted = Training(options, "parted", line =>
        {
            // Between two rows of the metrics of four steps, so sums have to travel too.
            if (line.StartsWith("pairs at step 3 ", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupted.RunAsync(resume: false, stop.Token));
            Assert.InRange(interrupted.Step, 3, whole.TotalSteps - 1);
        }

        using var resumed = Training(options, "parted");
        await resumed.RunAsync(resume: true, CancellationToken.None);

        Assert.Equal(9, whole.Step);
        Assert.Equal(Weights(whole), Weights(resumed));
        Assert.Equal(Curve("whole", "metrics.csv"), Curve("parted", "metrics.csv"));
        Assert.Equal(Curve("whole", "scores.csv"), Curve("parted", "scores.csv"));
        Assert.Equal(3, Curve("whole", "metrics.csv").Length);
        Assert.Equal(4, Curve("whole", "scores.csv").Length);
    }

    [Theory]
    [InlineData(OptimiserKind.AdamW)]
    [InlineData(OptimiserKind.Muon)]
    public async Task RunAsync_Distillation_ComesNearerToTheTeacher(OptimiserKind optimiser)
    {
        using var training = Training(Options with { Passes = 30, Angular = 0, Triplet = 0, LearningRate = 1e-2, Optimiser = optimiser }, "run");

        await training.RunAsync(resume: false, CancellationToken.None);

        var losses = Curve("run", "metrics.csv").Skip(1).Select(row => double.Parse(row.Split(',')[3], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.True(losses[^3..].Average() < losses[..3].Average() - 0.1, $"loss went from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public async Task RunAsync_LossBecomesNaN_StopsWithASentenceAndKeepsTheLastCheckpoint()
    {
        using (var sound = Training(Options with { Passes = 1 }, "run"))
        {
            await sound.RunAsync(resume: false, CancellationToken.None);
        }

        var before = await File.ReadAllBytesAsync(_folder["run/last.checkpoint"], CancellationToken.None);
        DrawnFaces.WriteTeacher(_folder["teacher.f16"], Rows, Dimension, brokenRow: 0);
        using var broken = Training(Options, "run");

        var failure = await Assert.ThrowsAsync<TrainerException>(() => broken.RunAsync(resume: true, CancellationToken.None));

        Assert.Contains("The loss became NaN", failure.Message, StringComparison.Ordinal);
        Assert.Contains("last checkpoint is kept", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["run/last.checkpoint"], CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_FolderHoldsARun_IsNotOverwritten()
    {
        using var first = Training(Options with { Passes = 1 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        using var second = Training(Options, "run");

        var failure = await Assert.ThrowsAsync<TrainerException>(() => second.RunAsync(resume: false, CancellationToken.None));

        Assert.Contains("--resume", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CheckpointOfAnotherArchitecture_IsRefused()
    {
        using var first = Training(Options with { Passes = 1 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        using var other = Training(Options, "run", architecture: Tiny with { Name = "other", Stem = 4 });

        var failure = await Assert.ThrowsAsync<TrainerException>(() => other.RunAsync(resume: true, CancellationToken.None));

        Assert.Contains("'tiny', not the 'other'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OtherSettings_AreRefusedButALongerRunIsNot()
    {
        using var first = Training(Options with { Passes = 1 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        using var other = Training(Options with { Margin = 0.3f }, "run");
        using var longer = Training(Options with { Passes = 2, Threads = 1 }, "run");

        var failure = await Assert.ThrowsAsync<TrainerException>(() => other.RunAsync(resume: true, CancellationToken.None));
        await longer.RunAsync(resume: true, CancellationToken.None);

        Assert.Contains("other settings", failure.Message, StringComparison.Ordinal);
        Assert.Equal(6, longer.Step);
    }

    [Fact]
    public async Task RunAsync_CheckpointCutShort_IsNamed()
    {
        using var first = Training(Options with { Passes = 1 }, "run");
        await first.RunAsync(resume: false, CancellationToken.None);
        var path = _folder["run/last.checkpoint"];
        var bytes = await File.ReadAllBytesAsync(path, CancellationToken.None);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)], CancellationToken.None);
        using var second = Training(Options, "run");

        var failure = await Assert.ThrowsAsync<TrainerException>(() => second.RunAsync(resume: true, CancellationToken.None));

        Assert.Contains("is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadNetwork_SavedCheckpoint_EncodesAsTheTrainedOne()
    {
        using var training = Training(Options with { Passes = 1 }, "run");
        await training.RunAsync(resume: false, CancellationToken.None);

        var (header, network) = Checkpoint.LoadNetwork(training.CheckpointPath);

        using (network)
        {
            var photos = Enumerable.Range(0, 112 * 112 * 3).Select(i => (i % 200 / 100f) - 1).ToArray();
            Assert.Equal(3, header.Step);
            Assert.Equal(new TorchEncoder(training.Network).Encode(photos, 1), new TorchEncoder(network).Encode(photos, 1));
        }
    }

    [Fact]
    public void LoadNetwork_SomethingElse_IsNamed()
    {
        File.WriteAllText(_folder["nonsense"], "hello, this is not a checkpoint");

        var failure = Assert.Throws<TrainerException>(() => Checkpoint.LoadNetwork(_folder["nonsense"]));

        Assert.Contains("no checkpoint of this trainer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OnePhotoPersons_CannotTrainTriplets()
    {
        using var folder = new TemporaryFolder();
        DrawnFaces.WriteShards(folder.Path, persons: 3, photos: 1);
        var set = TrainingSet.Build(new CropShards(folder.Path), new HashSet<int>());

        var failure = Assert.Throws<TrainerException>(() =>
            new EncoderTraining(Options with { Distillation = 0 }, _folder["run"], _source, set, _pixels, null, null, TimeProvider.System, _ => { }, Tiny));

        Assert.Contains("two photos or more", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_TeacherOfAnotherLength_IsRefused()
    {
        var failure = Assert.Throws<TrainerException>(() => Training(Options, "run", architecture: Tiny with { Dimension = 16 }));

        Assert.Contains("8 dimensions, the network's 16", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LearningRateAt_Run_RisesHoldsAndFalls()
    {
        var options = new EncoderTrainingOptions { LearningRate = 1, WarmUpSteps = 10, CoolDown = 0.5 };

        Assert.Equal(0.1, options.LearningRateAt(0, 100), 6);
        Assert.Equal(1, options.LearningRateAt(9, 100), 6);
        Assert.Equal(1, options.LearningRateAt(50, 100), 6);
        Assert.Equal(0.5, options.LearningRateAt(75, 100), 6);
        Assert.Equal(0.02, options.LearningRateAt(99, 100), 6);
    }

    [Fact]
    public void AugmentationAt_LastPasses_IsGentle()
    {
        var options = new EncoderTrainingOptions { GentlePasses = 2 };

        Assert.Equal(options.Augmentation, options.AugmentationAt(79, 100, batchesPerPass: 10));
        Assert.Equal(AugmentationOptions.Gentle, options.AugmentationAt(80, 100, batchesPerPass: 10));
        Assert.Equal(options.Augmentation, (options with { GentlePasses = 0 }).AugmentationAt(99, 100, batchesPerPass: 10));
    }

    [Fact]
    public async Task RunAsync_StartFromATrainedNetwork_BeginsWithItsWeights()
    {
        using var first = Training(Options with { Passes = 1 }, "first");
        await first.RunAsync(resume: false, CancellationToken.None);
        var reports = new List<string>();

        using var second = Training(Options with { Passes = 1 }, "second", reports.Add, startFrom: first.Network);

        Assert.Equal(Weights(first), Weights(second));
        Assert.Contains(reports, line => line.Contains("no parts", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _folder.Dispose();
    }

    private EncoderTraining Training(EncoderTrainingOptions options, string run, Action<string>? report = null, EncoderArchitecture? architecture = null, EncoderNetwork? startFrom = null) =>
        new(
            options,
            _folder[run],
            _source,
            _set,
            _pixels,
            TeacherEmbeddings.Load(_folder["teacher.f16"], Rows),
            VerificationPairs.Load(_folder["pairs.csv"], _source),
            TimeProvider.System,
            report ?? (_ => { }),
            architecture ?? Tiny,
            startFrom);

    private static float[] Weights(EncoderTraining training) =>
        [.. training.Network.state_dict().OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value.data<float>().ToArray())];

    /// <summary>The file without the speed, which is nobody's promise.</summary>
    private string[] Curve(string run, string file) =>
        [.. File.ReadAllLines(_folder[$"{run}/{file}"]).Select(line => file == "metrics.csv" ? line[..line.LastIndexOf(',')] : line)];
}
