using FaceCloud.Contracts;

namespace FaceCloud.Inference.Models;

/// <summary>A model whose file was found and checked.</summary>
public sealed class ModelDescription(ModelEntry entry, string path)
{
    /// <summary>How many hex digits of the checksum stand in a contract.</summary>
    private const int ContractDigits = 12;

    public ModelEntry Entry { get; } = entry;

    /// <summary>Full path of the ONNX file.</summary>
    public string Path { get; } = path;

    public string Name => Entry.Name;

    public ModelKind Kind => Entry.Kind;

    /// <summary>Of the file, lower-case hex.</summary>
    public string Sha256 { get; } = entry.Sha256.ToLowerInvariant();

    /// <inheritdoc cref="ContractOf"/>
    public string EmbeddingContract => ContractOf(Entry);

    public string InputName => Entry.InputName;

    /// <inheritdoc cref="ModelEntry.InputWidth"/>
    public int InputWidth => Entry.InputWidth;

    public int InputHeight => Entry.InputHeight;

    public ChannelOrder ChannelOrder => Entry.ChannelOrder;

    public IReadOnlyList<float> Mean => Entry.Mean;

    public IReadOnlyList<float> Std => Entry.Std;

    public string Licence => Entry.Licence;

    /// <summary>Encoders only.</summary>
    public string OutputName => Entry.OutputName ?? throw NotAnEncoder();

    /// <summary>Encoders only.</summary>
    public int Dimension => Entry.Dimension ?? throw NotAnEncoder();

    /// <summary>Encoders only.</summary>
    public bool Mirror => Entry.Mirror;

    /// <inheritdoc cref="ModelEntry.OneAtATime"/>
    public bool OneAtATime => Entry.OneAtATime;

    /// <summary>Encoders only: the columns of the crop that the model takes; all of them for a 112 wide model.</summary>
    public ColumnRange Columns => Entry.Columns ?? new ColumnRange(0, AlignedCrop.Size - 1);

    /// <summary>Encoders only: by falling false accept rate, at least two points; empty when none was measured.</summary>
    public IReadOnlyList<CalibrationPoint> Calibration => Entry.Calibration?.Points ?? [];

    /// <summary>Detectors only.</summary>
    public DetectorOutputs Outputs => Entry.Outputs ?? DetectorOutputs.Yunet;

    /// <summary>
    /// Name + ":" + first 12 hex digits of the checksum. An encoder that adds the mirror image is named
    /// so: its embeddings are others than those of the same file without.
    /// </summary>
    public static string ContractOf(ModelEntry entry) =>
        $"{entry.Name}{(entry.Mirror ? "+mirror" : "")}:{entry.Sha256[..ContractDigits].ToLowerInvariant()}";

    /// <summary>Encoders only: the head fitted on this very model's embeddings; null without one, or when the manifest's is of another contract.</summary>
    public VerifierHead? Head => Entry.Head is { } head && head.EmbeddingContract == EmbeddingContract ? head : null;

    private InvalidOperationException NotAnEncoder() => new($"Model '{Name}' is a detector.");
}
