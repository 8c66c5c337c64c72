using System.Globalization;
using FaceCloud.Trainer.Charts;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// Trains a detector in a folder of its own: <c>last.checkpoint</c>, <c>metrics.csv</c> (losses) and <c>scores.csv</c> (photos held out),
/// each with its pictures. Interrupted and resumed it goes on as if it had never stopped.
/// </summary>
public sealed class DetectorTraining : IDisposable
{
    private const string MetricHeader = "step,scenes,loss,class,fit,box,landmarks,learning_rate,scenes_per_second";
    private const string ScoreHeader = "step,found,faces,recall,landmark_median,landmark_nine_tenths,score_mean,score_tenth,false_faces,face_free,unexplained,photos";

    private readonly DetectorTrainingOptions _options;
    private readonly string _folder;
    private readonly LabelledPhotos _photos;
    private readonly string _fingerprint;
    private readonly HashSet<int> _heldOut;
    private readonly DetectorFeed _feed;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly AdamW _optimiser;

    public DetectorTraining(
        DetectorTrainingOptions options,
        string folder,
        LabelledPhotos photos,
        PhotoCache cache,
        TimeProvider time,
        Action<string> report,
        DetectorArchitecture? architecture = null,
        DetectorNetwork? startFrom = null,
        (LabelledPhotos Photos, PhotoCache Cache)? extra = null)
    {
        (_options, _folder, _photos, _time, _report) = (options, folder, photos, time, report);
        _fingerprint = extra is { } more ? $"{photos.Fingerprint}+{more.Photos.Fingerprint}" : photos.Fingerprint;
        if (options.Sides.Count == 0 || options.Sides.Any(side => side <= 0 || side % DetectorArchitecture.Strides[^1] != 0))
        {
            throw new TrainerException($"The sides of scenes must be multiples of {DetectorArchitecture.Strides[^1]}; these are {string.Join(", ", options.Sides)}.");
        }

        if (new SceneComposer(photos, cache, heldOut: false, options.Scenes).PhotosWithFaces == 0)
        {
            throw new TrainerException("No photo with a labelled face is left to train on: all are held out or cannot be read.");
        }

        _heldOut = [.. Enumerable.Range(0, photos.Photos.Count).Where(row => photos.Photos[row].HeldOut && !cache.Damaged.Contains(row))];
        _feed = new DetectorFeed(() => new SceneComposer(photos, cache, heldOut: false, options.Scenes, extra), options);
        manual_seed(options.Seed);
        set_num_threads(options.Threads);
        Network = new DetectorNetwork(architecture ?? DetectorArchitecture.Named(options.Network));
        Network.UseBfloat16(options.Bfloat16);
        if (startFrom is not null)
        {
            StartFrom(startFrom);
        }

        _optimiser = Optimiser();
    }

    public DetectorNetwork Network { get; }

    public long Step { get; private set; }

    public string CheckpointPath => Path.Combine(_folder, CheckpointFile.Name);

    public async Task RunAsync(bool resume, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        var window = new DetectorMetrics();
        if (resume)
        {
            var header = DetectorCheckpoint.Load(CheckpointPath, _options, _fingerprint, Network, _optimiser);
            (Step, window) = (header.Step, header.Window);
            _report($"Resumed at step {Step} of {_options.Steps}.");
        }
        else if (File.Exists(CheckpointPath))
        {
            throw new TrainerException($"{_folder} already holds a training run; go on with it with --resume, or choose another folder.");
        }

        var metrics = new MetricFile(Path.Combine(_folder, "metrics.csv"), MetricHeader, Step);
        var scores = new MetricFile(Path.Combine(_folder, "scores.csv"), ScoreHeader, Step);
        var (saved, logged, scenesSinceLog) = (_time.GetTimestamp(), _time.GetTimestamp(), 0L);
        try
        {
            await foreach (var batch in _feed.ReadAsync(Step, _options.Steps, cancellationToken).ConfigureAwait(false))
            {
                // The feed may still hold batches after a stop was asked for.
                cancellationToken.ThrowIfCancellationRequested();
                window = window.Plus(Train(batch));
                scenesSinceLog += batch.Count;
                Step++;
                if (window.Steps == _options.LogEvery)
                {
                    Write(metrics, window, scenesSinceLog / _time.GetElapsedTime(logged).TotalSeconds);
                    (window, logged, scenesSinceLog) = (new DetectorMetrics(), _time.GetTimestamp(), 0);
                }

                var scoring = _heldOut.Count > 0 && (Step % _options.ScoreEvery == 0 || Step == _options.Steps);
                if (scoring)
                {
                    await ScoreAsync(scores).ConfigureAwait(false);
                    (logged, scenesSinceLog) = (_time.GetTimestamp(), 0);
                }

                if (scoring || Step == _options.Steps || _time.GetElapsedTime(saved) >= _options.CheckpointEvery)
                {
                    Save(window);
                    saved = _time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Save(window);
            _report($"Stopped at step {Step} of {_options.Steps}; the checkpoint is written, --resume goes on from here.");
            throw;
        }
    }

    public void Dispose()
    {
        Network.Dispose();
        _optimiser.Dispose();
    }

    private DetectorMetrics Train(DetectorBatch batch)
    {
        // A setting of the thread, and this one may not be the one that ran the constructor: another number would add up in another order.
        set_num_threads(_options.Threads);
        using var scope = NewDisposeScope();
        var rate = _options.LearningRateAt(Step);
        foreach (var group in _optimiser.ParamGroups)
        {
            group.LearningRate = rate;
        }

        Network.train();
        var scenes = PhotoTensor.Copy(batch.Pixels, batch.Count, batch.Side, batch.Side, 3).permute(0, 3, 1, 2);
        var loss = DetectorLoss.Compute(Network.call(scenes), batch.Targets, _options.Weights);
        var value = loss.Total.item<float>();
        if (!float.IsFinite(value))
        {
            throw new TrainerException(
                $"The loss became {value.ToString(CultureInfo.InvariantCulture)} at step {Step}; training stops here and the last checkpoint is kept. " +
                "Lower --learning-rate and start a new run.");
        }

        _optimiser.zero_grad();
        loss.Total.backward();
        Uncollected.Run(() => _optimiser.step());
        return new DetectorMetrics
        {
            Steps = 1,
            Scenes = batch.Count,
            Loss = value,
            Class = loss.Class.item<float>(),
            Fit = loss.Fit.item<float>(),
            Box = loss.Box.item<float>(),
            Landmarks = loss.Landmarks.item<float>(),
        };
    }

    private void Write(MetricFile metrics, DetectorMetrics window, double scenesPerSecond)
    {
        double n = window.Steps;
        var rate = _options.LearningRateAt(Step - 1);
        metrics.Add(Step, window.Scenes, window.Loss / n, window.Class / n, window.Fit / n, window.Box / n, window.Landmarks / n, rate, scenesPerSecond);
        _report(string.Create(
            CultureInfo.InvariantCulture,
            $"step {Step}/{_options.Steps} loss {window.Loss / n:F4} class {window.Class / n:F4} fit {window.Fit / n:F4} box {window.Box / n:F4} landmarks {window.Landmarks / n:F4} rate {rate:E1} {scenesPerSecond:F0} scenes/s"));
    }

    /// <summary>As it would be shipped. Runs to its end even when a stop is asked for: a hole in the curve would stay.</summary>
    private async Task ScoreAsync(MetricFile file)
    {
        Network.eval();
        using var detector = new ProductDetector(DetectorExport.ToBytes(Network), "The network in training");
        var samples = _photos.Read(_heldOut).Select(photo => (_photos.Photos[photo.Row], photo.Photo));
        var s = await DetectorEvaluation.RunAsync(detector, samples, CancellationToken.None).ConfigureAwait(false);
        file.Add(Step, s.Found, s.Faces, s.Recall, s.LandmarkMedian, s.LandmarkNineTenths, s.ScoreMean, s.ScoreTenth, s.FalseFaces, s.FaceFree, s.Unexplained, s.Photos);
        _report($"step {Step}: {s}");
    }

    private void Save(DetectorMetrics window)
    {
        DetectorCheckpoint.Save(CheckpointPath, new DetectorCheckpointHeader(Network.Architecture, Step, _options, _fingerprint, window), Network, _optimiser);
        Draw("metrics.csv", "loss.svg", "Loss", "class", "fit", "box", "landmarks");
        if (_heldOut.Count > 0)
        {
            Draw("scores.csv", "scores.svg", "Photos held out", "recall", "landmark_median");
        }
    }

    private void Draw(string file, string picture, string title, params ReadOnlySpan<string> columns)
    {
        var series = new List<ChartSeries>();
        foreach (var column in columns)
        {
            series.Add(MetricColumn.Read(Path.Combine(_folder, file), column, column));
        }

        File.WriteAllText(Path.Combine(_folder, picture), LineChart.ToSvg(title, "step", series));
    }

    private void StartFrom(DetectorNetwork other)
    {
        using var guard = no_grad();
        var source = other.state_dict();
        var anew = new List<string>();
        foreach (var (name, target) in Network.state_dict())
        {
            if (source.TryGetValue(name, out var from) && from.shape.SequenceEqual(target.shape))
            {
                target.copy_(from);
            }
            else
            {
                anew.Add(string.Join('.', name.Split('.').Take(2)));
            }
        }

        _report($"Starts from a trained {other.Architecture.Name}; new are: {(anew.Count == 0 ? "no parts" : string.Join(", ", anew.Distinct()))}.");
    }

    /// <summary>Decay for the weights of convolutions only: shrinking scales, shifts and offsets serves nothing.</summary>
    private AdamW Optimiser()
    {
        var all = Network.parameters().ToList();
        return optim.AdamW(
            [
                new AdamW.ParamGroup(all.Where(p => p.dim() > 1), _options.LearningRate, weight_decay: _options.WeightDecay),
                new AdamW.ParamGroup(all.Where(p => p.dim() <= 1), _options.LearningRate, weight_decay: 0),
            ],
            _options.LearningRate,
            weight_decay: _options.WeightDecay);
    }
}
