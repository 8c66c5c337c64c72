using System.Globalization;
using System.Security.Cryptography;
using FaceCloud.Contracts;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Trainer.Failures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Trainer.Calibration;

/// <summary>An ONNX file under the services' own encoder, so that what is measured is what they will give.</summary>
public sealed class ProductEncoder : IPhotoEncoder
{
    private readonly OnnxFaceEncoder _encoder;
    private readonly ModelDescription _model;

    private ProductEncoder(ModelDescription model, int threads)
    {
        _model = model;
        try
        {
            _encoder = new OnnxFaceEncoder(
                model, new InferenceOptions { ExecutionProvider = ExecutionProvider.Cpu, Sessions = threads }, new BatchingOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        }
        catch (ModelException e)
        {
            throw new TrainerException(e.Message, e);
        }
    }

    public string Name => _model.Name;

    public string EmbeddingContract => _model.EmbeddingContract;

    /// <summary>A file that a manifest describes.</summary>
    /// <exception cref="TrainerException">It is not the file that the manifest means, or does not run as described.</exception>
    public static ProductEncoder Open(string path, ModelEntry entry, int threads)
    {
        var found = Checksum(path);
        if (!string.Equals(found, entry.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new TrainerException(
                $"{path} is not the file of model '{entry.Name}': its SHA-256 is {found}, the manifest says {entry.Sha256.ToLowerInvariant()}. Name the right file, or correct the manifest.");
        }

        return new ProductEncoder(new ModelDescription(entry, path), threads);
    }

    /// <summary>A file on its own: one RGB input N×3×112×W, W ≤ 112 taken from the middle columns, pixels as (x − 127.5) / divisor.</summary>
    /// <exception cref="TrainerException">It is no such model.</exception>
    public static ProductEncoder Open(string path, bool mirror, float divisor, int threads)
    {
        var checksum = Checksum(path);
        var (input, width, output, dimension) = Inspect(path);
        var first = (AlignedCrop.Size - width) / 2;
        return new ProductEncoder(
            new ModelDescription(
                new ModelEntry
                {
                    Name = NameOf(path),
                    Kind = ModelKind.Encoder,
                    File = Path.GetFileName(path),
                    Sha256 = checksum,
                    InputName = input,
                    InputWidth = width,
                    InputHeight = AlignedCrop.Size,
                    ChannelOrder = ChannelOrder.Rgb,
                    Mean = [127.5f, 127.5f, 127.5f],
                    Std = [divisor, divisor, divisor],
                    OutputName = output,
                    Dimension = dimension,
                    Mirror = mirror,
                    Columns = new ColumnRange(first, first + width - 1),
                    Licence = "Unknown.",
                    Origin = "A file on its own.",
                    Calibration = new Inference.Models.Calibration("None.", []),
                },
                path),
            threads);
    }

    public async Task<IReadOnlyList<float[]>> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, CancellationToken cancellationToken) =>
        (await _encoder.EncodeAsync(crops, EncodePriority.Bulk, cancellationToken).ConfigureAwait(false)).Embeddings;

    public void Dispose() => _encoder.Dispose();

    private static string Checksum(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"The model {path} cannot be read: {e.Message}", e);
        }
    }

    private static (string Input, int Width, string Output, int Dimension) Inspect(string path)
    {
        try
        {
            using var session = new InferenceSession(path);
            if (session.InputMetadata.Count == 1
                && session.OutputMetadata.Count == 1
                && session.InputMetadata.Single() is { Value.Dimensions: [_, 3, AlignedCrop.Size, >= 16 and <= AlignedCrop.Size and var width] } input
                && session.OutputMetadata.Single() is { Value.Dimensions: [_, >= 2 and <= 4096 and var dimension] } output)
            {
                return (input.Key, width, output.Key, dimension);
            }

            throw new TrainerException(
                $"{path} does not take one N×3×112×W input (W at most 112) and give one N×D output; its inputs: {Shapes(session.InputMetadata)}; its outputs: {Shapes(session.OutputMetadata)}.");
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainerException($"{path} is no ONNX model that can be run: {e.Message}", e);
        }
    }

    private static string Shapes(IReadOnlyDictionary<string, NodeMetadata> values) =>
        string.Join("; ", values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key}[{string.Join(',', v.Value.Dimensions)}]")));

    /// <summary>The file's name in the letters that a contract may have.</summary>
    private static string NameOf(string path)
    {
        var letters = Path.GetFileNameWithoutExtension(path).ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' ? c : '-');
        return new string([.. letters.Take(64)]);
    }
}
