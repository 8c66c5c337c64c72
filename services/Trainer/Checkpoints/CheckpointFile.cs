using System.Text;
using System.Text.Json;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Checkpoints;

/// <summary>The file of a checkpoint: eight bytes that name its kind, a header (JSON), then what the kind keeps.</summary>
public static class CheckpointFile
{
    public const string Name = "last.checkpoint";

    /// <summary>Written beside the file and renamed: an interruption or a full disk leaves the one before.</summary>
    public static void Save<THeader>(string path, ReadOnlySpan<byte> kind, THeader header, Action<BinaryWriter> body)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create))
            {
                using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
                writer.Write(kind);
                writer.Write(JsonSerializer.Serialize(header));
                body(writer);
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

    /// <summary>The file, to be read from its start.</summary>
    public static BinaryReader Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no checkpoint {path}.");
        }

        return new BinaryReader(File.OpenRead(path), Encoding.UTF8);
    }

    /// <summary>Whether a file begins as checkpoints of that kind do.</summary>
    public static bool IsOfKind(string path, ReadOnlySpan<byte> kind)
    {
        using var reader = Open(path);
        return reader.ReadBytes(kind.Length).AsSpan().SequenceEqual(kind);
    }

    /// <summary>The header; what the kind keeps comes next.</summary>
    /// <param name="reader">At the start of the file.</param>
    /// <param name="path">For messages.</param>
    /// <param name="kind">The eight bytes that are expected.</param>
    /// <param name="what">For messages: what the file should be.</param>
    public static THeader ReadHeader<THeader>(BinaryReader reader, string path, ReadOnlySpan<byte> kind, string what)
        where THeader : class
    {
        try
        {
            if (reader.ReadBytes(kind.Length).AsSpan().SequenceEqual(kind)
                && JsonSerializer.Deserialize<THeader>(reader.ReadString()) is { } header)
            {
                return header;
            }
        }
        catch (Exception e) when (e is IOException or JsonException or FormatException)
        {
            throw new TrainerException($"{path} is damaged: {e.Message}", e);
        }

        throw new TrainerException($"{path} is no {what}.");
    }

    /// <summary>Reads what follows the header.</summary>
    public static void Restore(string path, Action read)
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
}
