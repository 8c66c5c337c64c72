using System.Text.Json;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Training;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Checkpoints;

/// <summary>
/// A training run in one file: header (JSON), network, what the losses learned, optimiser. The order of photos and their changes are
/// functions of seed and step, so the step is all the random state there is.
/// </summary>
public static class Checkpoint
{
    public const string FileName = CheckpointFile.Name;

    private static readonly byte[] Magic = "FCTRAIN1"u8.ToArray();

    /// <summary>Written beside the file and renamed: an interruption or a full disk leaves the one before.</summary>
    public static void Save(string path, CheckpointHeader header, EncoderNetwork network, nn.Module? losses, EncoderOptimiser optimiser) =>
        CheckpointFile.Save(path, Magic, header, writer =>
        {
            network.save(writer);
            writer.Write(losses is not null);
            losses?.save(writer);
            optimiser.Save(writer);
        });

    /// <summary>The header alone.</summary>
    public static CheckpointHeader ReadHeader(string path)
    {
        using var reader = CheckpointFile.Open(path);
        return ReadHeader(reader, path);
    }

    /// <summary>The network alone, for evaluation and export.</summary>
    public static (CheckpointHeader Header, EncoderNetwork Network) LoadNetwork(string path)
    {
        using var reader = CheckpointFile.Open(path);
        var header = ReadHeader(reader, path);
        var network = new EncoderNetwork(header.Architecture);
        CheckpointFile.Restore(path, () => network.load(reader));
        network.eval();
        return (header, network);
    }

    /// <summary>Everything, into a run that was set up the same way.</summary>
    /// <exception cref="TrainerException">Another network, other photos or other settings.</exception>
    public static CheckpointHeader Load(
        string path,
        EncoderTrainingOptions options,
        string dataFingerprint,
        EncoderNetwork network,
        nn.Module? losses,
        EncoderOptimiser optimiser)
    {
        using var reader = CheckpointFile.Open(path);
        var header = ReadHeader(reader, path);
        if (JsonSerializer.Serialize(header.Architecture) != JsonSerializer.Serialize(network.Architecture))
        {
            throw new TrainerException($"{path} holds a network '{header.Architecture.Name}', not the '{network.Architecture.Name}' asked for; resume with the same --network or choose another folder.");
        }

        if (header.DataFingerprint != dataFingerprint)
        {
            throw new TrainerException($"{path} was trained on other photos; resume with the same data or choose another folder.");
        }

        var (then, now) = (Comparable(header.Options), Comparable(options));
        if (then != now)
        {
            throw new TrainerException($"{path} was trained with other settings; the curve would not be the same. Then: {then} Now: {now}");
        }

        CheckpointFile.Restore(path, () =>
        {
            network.load(reader);
            if (reader.ReadBoolean() != losses is not null)
            {
                throw new InvalidDataException("other losses");
            }

            losses?.load(reader);
            optimiser.Load(reader);
        });
        return header;
    }

    /// <summary>What must not change on resuming. Length of the run and of its parts, threads and the rhythm of reports and checkpoints may.</summary>
    private static string Comparable(EncoderTrainingOptions options) => JsonSerializer.Serialize(options with
    {
        Passes = 0,
        CoolDown = 0,
        SmallSide = 0,
        SmallPasses = 0,
        GentlePasses = 0,
        Threads = 0,
        AugmentationThreads = 0,
        CheckpointEvery = default,
    });

    private static CheckpointHeader ReadHeader(BinaryReader reader, string path) =>
        CheckpointFile.ReadHeader<CheckpointHeader>(reader, path, Magic, "checkpoint of this trainer");
}
