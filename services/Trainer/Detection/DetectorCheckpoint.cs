using System.Text.Json;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Failures;
using TorchSharp.Modules;

namespace FaceCloud.Trainer.Detection;

/// <summary>A detector's training run in one file: header, network, optimiser. Scenes are functions of seed and step, so the step is all the random state there is.</summary>
public static class DetectorCheckpoint
{
    private static readonly byte[] Magic = "FCDETEC1"u8.ToArray();

    public static bool IsOne(string path) => CheckpointFile.IsOfKind(path, Magic);

    public static void Save(string path, DetectorCheckpointHeader header, DetectorNetwork network, OptimizerHelper optimiser) =>
        CheckpointFile.Save(path, Magic, header, writer =>
        {
            network.save(writer);
            optimiser.save_state_dict(writer);
        });

    /// <summary>The network alone, for evaluation and export.</summary>
    public static (DetectorCheckpointHeader Header, DetectorNetwork Network) LoadNetwork(string path)
    {
        using var reader = CheckpointFile.Open(path);
        var header = ReadHeader(reader, path);
        var network = new DetectorNetwork(header.Architecture);
        CheckpointFile.Restore(path, () => network.load(reader));
        network.eval();
        return (header, network);
    }

    /// <summary>Everything, into a run that was set up the same way.</summary>
    /// <exception cref="TrainerException">Another network, other photos or other settings.</exception>
    public static DetectorCheckpointHeader Load(string path, DetectorTrainingOptions options, string dataFingerprint, DetectorNetwork network, OptimizerHelper optimiser)
    {
        using var reader = CheckpointFile.Open(path);
        var header = ReadHeader(reader, path);
        if (JsonSerializer.Serialize(header.Architecture) != JsonSerializer.Serialize(network.Architecture))
        {
            throw new TrainerException($"{path} holds a detector '{header.Architecture.Name}', not the '{network.Architecture.Name}' asked for; resume with the same --network or choose another folder.");
        }

        if (header.DataFingerprint != dataFingerprint)
        {
            throw new TrainerException($"{path} was trained on other photos or labels; resume with the same data or choose another folder.");
        }

        var (then, now) = (Comparable(header.Options), Comparable(options));
        if (then != now)
        {
            throw new TrainerException($"{path} was trained with other settings; the curve would not be the same. Then: {then} Now: {now}");
        }

        CheckpointFile.Restore(path, () =>
        {
            network.load(reader);
            optimiser.load_state_dict(reader);
        });
        return header;
    }

    /// <summary>What must not change on resuming. Length of the run, threads and the rhythm of reports and checkpoints may.</summary>
    private static string Comparable(DetectorTrainingOptions options) => JsonSerializer.Serialize(options with
    {
        Steps = 0,
        CoolDown = 0,
        Threads = 0,
        AugmentationThreads = 0,
        ScoreEvery = 0,
        CheckpointEvery = default,
    });

    private static DetectorCheckpointHeader ReadHeader(BinaryReader reader, string path) =>
        CheckpointFile.ReadHeader<DetectorCheckpointHeader>(reader, path, Magic, "checkpoint of a detector");
}
