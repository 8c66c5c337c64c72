using System.Text;
using System.Text.Json;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Checkpoints;

/// <summary>
/// A training run in one file: header (JSON), network, what the losses learned, optimiser. The order of photos and their changes are
/// functions of seed and step, so the step is all the random state there is.
/// </summary>
public static class Checkpoint
{
    public const string FileName = "last.checkpoint";

    private static readonly byte[] Magic = "FCTRAIN1"u8.ToArray();

    /// <summary>Written beside the file and renamed: an interruption or a full disk leaves the one before.</summary>
    public static void Save(string path, CheckpointHeader header, EncoderNetwork network, nn.Module? losses, OptimizerHelper optimiser)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create))
            {
                using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
                writer.Write(Magic);
                writer.Write(JsonSerializer.Serialize(header));
                network.save(writer);
                writer.Write(losses is not null);
                losses?.save(writer);
                optimiser.save_state_dict(writer);
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new TrainerException($"The checkpoint could not be written to {path}: {e.Message} The one before is kept; make room and start again with --resume.", e);
        }
    }

    /// <summary>The header alone.</summary>
    public static CheckpointHeader ReadHeader(string path)
    {
        using var reader = Open(path);
        return ReadHeader(reader, path);
    }

    /// <summary>The network alone, for evaluation and export.</summary>
    public static (CheckpointHeader Header, EncoderNetwork Network) LoadNetwork(string path)
    {
        using var reader = Open(path);
        var header = ReadHeader(reader, path);
        var network = new EncoderNetwork(header.Architecture);
        Restore(path, () => network.load(reader));
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
        OptimizerHelper optimiser)
    {
        using var reader = Open(path);
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

        Restore(path, () =>
        {
            network.load(reader);
            if (reader.ReadBoolean() != losses is not null)
            {
                throw new InvalidDataException("other losses");
            }

            losses?.load(reader);
            optimiser.load_state_dict(reader);
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

    private static void Restore(string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw new TrainerException($"{path} is damaged or was written by another version: {e.Message}", e);
        }
    }

    private static BinaryReader Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no checkpoint {path}.");
        }

        return new BinaryReader(File.OpenRead(path), Encoding.UTF8);
    }

    private static CheckpointHeader ReadHeader(BinaryReader reader, string path)
    {
        try
        {
            if (reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic)
                && JsonSerializer.Deserialize<CheckpointHeader>(reader.ReadString()) is { } header)
            {
                return header;
            }
        }
        catch (Exception e) when (e is IOException or JsonException or FormatException)
        {
            throw new TrainerException($"{path} is damaged: {e.Message}", e);
        }

        throw new TrainerException($"{path} is no checkpoint of this trainer.");
    }
}
