using System.Globalization;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Charts;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Losses;
using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Training;

/// <summary>
/// Trains an encoder in a folder of its own: <c>last.checkpoint</c>, <c>metrics.csv</c> (losses) and
/// <c>scores.csv</c> (pairs), each with its pictures.
/// Interrupted and resumed it goes on as if it had never stopped.
/// </summary>
public sealed class EncoderTraining : IDisposable
{
    private const int SettleSteps = 16;
    private const string MetricHeader = "step,pass,photos,loss,distillation,triplet,active_share,angular,learning_rate,photos_per_second";
    private const string ScoreHeader = "step,pass,accuracy,threshold,equal_error_rate,tar_at_far_1e-2,tar_at_far_1e-3,photo_side";

    private readonly EncoderTrainingOptions _options;
    private readonly string _folder;
    private readonly string _fingerprint;
    private readonly PixelCache _pixels;
    private readonly BatchPlan _plan;
    private readonly BatchFeed _feed;
    private readonly VerificationPairs? _pairs;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly AngularMarginLoss? _angular;
    private readonly TripletLoss _triplet;
    private readonly EncoderOptimiser _optimiser;
    private readonly bool _settle;
    private readonly int _teacherDimension;

    public EncoderTraining(
        EncoderTrainingOptions options,
        string folder,
        IFaceSource source,
        TrainingSet set,
        PixelCache pixels,
        TeacherEmbeddings? teacher,
        VerificationPairs? pairs,
        TimeProvider time,
        Action<string> report,
        EncoderArchitecture? architecture = null,
        EncoderNetwork? startFrom = null,
        bool settle = false)
    {
        (_options, _folder, _pixels, _pairs, _time, _report) = (options, folder, pixels, pairs, time, report);
        _fingerprint = source.Fingerprint;
        architecture ??= EncoderArchitecture.Named(options.Network);
        if (options.Distillation > 0 && teacher is null)
        {
            throw new TrainerException("Distillation needs a teacher's embeddings: name them with --teacher, or set --distillation 0.");
        }

        if (options.Distillation > 0 && teacher!.Dimension != architecture.Dimension)
        {
            throw new TrainerException($"The teacher's embeddings have {teacher.Dimension} dimensions, the network's {architecture.Dimension}.");
        }

        if (options is { Distillation: <= 0, Triplet: <= 0, Angular: <= 0 })
        {
            throw new TrainerException("Nothing to learn: all of --distillation, --triplet and --angular are 0.");
        }

        if (options.Triplet > 0 && set.Persons.All(p => p.Length < 2))
        {
            throw new TrainerException("Triplets need persons with two photos or more; here every person has one. Add photos, or set --triplet 0.");
        }

        _plan = new BatchPlan(set, options.Persons, options.PhotosPerPerson, options.Distillation > 0, options.Seed);
        _feed = new BatchFeed(_plan, pixels, options.Distillation > 0 ? teacher : null, options);
        _teacherDimension = teacher?.Dimension ?? 0;
        manual_seed(options.Seed);
        set_num_threads(options.Threads);
        Network = new EncoderNetwork(architecture);
        Network.UseBfloat16(options.Bfloat16);
        if (startFrom is not null)
        {
            var anew = Network.StartFrom(startFrom);
            report($"Starts from a trained {startFrom.Architecture.Name}; new are: {(anew.Count == 0 ? "no parts" : string.Join(", ", anew))}.");
        }

        _angular = options.Angular > 0 ? new AngularMarginLoss(set.Persons.Count, architecture.Dimension) : null;
        _triplet = new TripletLoss(options.Mining, options.Margin);
        _settle = settle;
        _optimiser = new EncoderOptimiser(Network, _angular, options);
        TotalSteps = Math.Max(1, (long)(options.Passes * _plan.BatchesPerPass));
    }

    public EncoderNetwork Network { get; }

    public long TotalSteps { get; }

    public long Step { get; private set; }

    public string CheckpointPath => Path.Combine(_folder, Checkpoint.FileName);

    public async Task RunAsync(bool resume, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        var window = new MetricWindow();
        if (resume)
        {
            var header = Checkpoint.Load(CheckpointPath, _options, _fingerprint, Network, _angular, _optimiser);
            (Step, window) = (header.Step, header.Window);
            _report($"Resumed at step {Step} of {TotalSteps}.");
        }
        else if (File.Exists(CheckpointPath))
        {
            throw new TrainerException($"{_folder} already holds a training run; go on with it with --resume, or choose another folder.");
        }
        else if (_settle)
        {
            await SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        var metrics = new MetricFile(Path.Combine(_folder, "metrics.csv"), MetricHeader, Step);
        var scores = new MetricFile(Path.Combine(_folder, "scores.csv"), ScoreHeader, Step);
        var (saved, logged, photosSinceLog) = (_time.GetTimestamp(), _time.GetTimestamp(), 0L);
        try
        {
            await foreach (var batch in _feed.ReadAsync(Step, TotalSteps, cancellationToken).ConfigureAwait(false))
            {
                // The feed may still hold batches after a stop was asked for.
                cancellationToken.ThrowIfCancellationRequested();
                window = window.Plus(Train(batch));
                photosSinceLog += batch.Count;
                Step++;
                if (window.Steps == _options.LogEvery)
                {
                    Write(metrics, window, photosSinceLog / _time.GetElapsedTime(logged).TotalSeconds);
                    (window, logged, photosSinceLog) = (new MetricWindow(), _time.GetTimestamp(), 0);
                }

                var passEnds = Step % _plan.BatchesPerPass == 0 || Step == TotalSteps;
                if (passEnds && _pairs is not null)
                {
                    Score(scores);
                    logged = _time.GetTimestamp();
                    photosSinceLog = 0;
                }

                if (passEnds || _time.GetElapsedTime(saved) >= _options.CheckpointEvery)
                {
                    Save(window);
                    saved = _time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Save(window);
            _report($"Stopped at step {Step} of {TotalSteps}; the checkpoint is written, --resume goes on from here.");
            throw;
        }
    }

    public void Dispose()
    {
        Network.Dispose();
        _angular?.Dispose();
        _optimiser.Dispose();
    }

    /// <summary>Means and variances of an exported network, from the photos of the first steps as training will show them.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var photos = new List<Tensor>();
        try
        {
            await foreach (var batch in _feed.ReadAsync(0, Math.Min(SettleSteps, TotalSteps), cancellationToken).ConfigureAwait(false))
            {
                photos.Add(PhotoTensor.Reduce(PhotoTensor.From(batch.Pixels, batch.Count), SideAt(0)));
            }

            set_num_threads(_options.Threads);
            Network.Settle(photos);
        }
        finally
        {
            photos.ForEach(photo => photo.Dispose());
        }
    }

    private void Save(MetricWindow window)
    {
        Checkpoint.Save(CheckpointPath, new CheckpointHeader(Network.Architecture, Step, _options, _fingerprint, window), Network, _angular, _optimiser);
        Draw("metrics.csv", "loss", "loss.svg", "Loss", "distillation", "triplet", "angular");
        Draw("metrics.csv", "active_share", "active.svg", "Share of triplets that still teach");
        if (_pairs is not null)
        {
            Draw("scores.csv", "accuracy", "scores.svg", "Pairs", "tar_at_far_1e-2", "tar_at_far_1e-3");
        }
    }

    private void Draw(string file, string column, string picture, string title, params ReadOnlySpan<string> more)
    {
        var path = Path.Combine(_folder, file);
        var series = new List<ChartSeries> { MetricColumn.Read(path, column, column) };
        foreach (var other in more)
        {
            series.Add(MetricColumn.Read(path, other, other));
        }

        File.WriteAllText(Path.Combine(_folder, picture), LineChart.ToSvg(title, "step", series));
    }

    private MetricWindow Train(FaceBatch batch)
    {
        // A setting of the thread, and this one may not be the one that ran the constructor: another number would add up in another order.
        set_num_threads(_options.Threads);
        using var scope = NewDisposeScope();
        var rate = _options.LearningRateAt(Step, TotalSteps);
        Network.train();
        var embeddings = nn.functional.normalize(Network.call(PhotoTensor.Reduce(PhotoTensor.From(batch.Pixels, batch.Count), SideAt(Step))), dim: 1);
        var loss = zeros(1);
        var step = new MetricWindow { Steps = 1, Photos = batch.Count };
        if (_options.Distillation > 0)
        {
            var part = DistillationLoss.Compute(embeddings, PhotoTensor.Copy(batch.Teacher, batch.Count, _teacherDimension));
            loss = loss + (part * Number.Of(_options.Distillation));
            step = step with { Distillation = part.item<float>() };
        }

        if (_options.Triplet > 0)
        {
            var part = _triplet.Compute(embeddings, batch.Persons, new SmallRandom(_options.Seed, Step, -1));
            loss = loss + (part.Loss * Number.Of(_options.Triplet));
            step = step with { Triplet = part.Loss.item<float>(), ActiveShare = part.ActiveShare };
        }

        if (_angular is not null)
        {
            var labelled = Enumerable.Range(0, batch.Count).Where(i => batch.Persons[i] >= 0).Select(i => (long)i).ToArray();
            if (labelled.Length > 0)
            {
                var persons = tensor(Array.ConvertAll(labelled, i => (long)batch.Persons[i]));
                var part = _angular.call(embeddings.index_select(0, tensor(labelled)), persons);
                loss = loss + (part * Number.Of(_options.Angular));
                step = step with { Angular = part.item<float>() };
            }
        }

        var value = loss.item<float>();
        if (!float.IsFinite(value))
        {
            throw new TrainerException(
                $"The loss became {value.ToString(CultureInfo.InvariantCulture)} at step {Step}; training stops here and the last checkpoint is kept. " +
                "Lower --learning-rate and go on from a new run, or look for a broken teacher file.");
        }

        _optimiser.Step(loss, rate);
        return step with { Loss = value };
    }

    /// <summary>Side of the photos at a step.</summary>
    private int SideAt(long step) =>
        step < _options.SmallPasses * _plan.BatchesPerPass ? Math.Min(_options.SmallSide, Augmenter.Side) : Augmenter.Side;

    private void Write(MetricFile metrics, MetricWindow window, double photosPerSecond)
    {
        var pass = (double)Step / _plan.BatchesPerPass;
        var rate = _options.LearningRateAt(Step - 1, TotalSteps);
        double n = window.Steps;
        metrics.Add(Step, pass, window.Photos, window.Loss / n, window.Distillation / n, window.Triplet / n, window.ActiveShare / n, window.Angular / n, rate, photosPerSecond);
        _report(string.Create(
            CultureInfo.InvariantCulture,
            $"step {Step}/{TotalSteps} pass {pass:F2} loss {window.Loss / n:F4} distillation {window.Distillation / n:F4} triplet {window.Triplet / n:F4} ({window.ActiveShare / n:P0} active) rate {rate:E1} {photosPerSecond:F0} photos/s"));
    }

    /// <summary>Runs to its end even when a stop is asked for: a pass without its row would be a hole in the curve.</summary>
    private void Score(MetricFile file)
    {
        var side = SideAt(Step - 1);
        var scores = PairEvaluation.Run(
            new TorchEncoder(Network, side).Encode,
            _pairs!,
            _pixels,
            flip: false,
            CancellationToken.None);
        file.Add(Step, (double)Step / _plan.BatchesPerPass, scores.Accuracy, scores.Threshold, scores.EqualErrorRate, scores.TrueAcceptsAt1E2, scores.TrueAcceptsAt1E3, side);
        _report(string.Create(
            CultureInfo.InvariantCulture,
            $"pairs at step {Step} ({side} pixels): accuracy {scores.Accuracy:P2} EER {scores.EqualErrorRate:P2} TAR@1e-2 {scores.TrueAcceptsAt1E2:P2} TAR@1e-3 {scores.TrueAcceptsAt1E3:P2}"));
    }
}
