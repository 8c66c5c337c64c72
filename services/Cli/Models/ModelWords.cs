using System.Globalization;
using FaceCloud.Inference.Models;

namespace FaceCloud.Cli.Models;

/// <summary>Models as people read them.</summary>
internal static class ModelWords
{
    private const int ShortLicence = 36;

    public const string NotCalibrated =
        "none, so no threshold follows from an error rate: give a threshold with every request (--threshold), set one in the gallery, or measure one on your own photos with the Trainer's 'calibrate'";

    public static string Kind(ModelKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The first words of the licence.</summary>
    public static string Short(string licence)
    {
        var end = licence.AsSpan().IndexOfAny(":;(");
        var sentence = licence.IndexOf(". ", StringComparison.Ordinal);
        end = end < 0 || (sentence >= 0 && sentence < end) ? sentence : end;
        var first = (end > 0 ? licence[..end] : licence).Trim().TrimEnd('.');
        return first.Length <= ShortLicence ? first : first[..(ShortLicence - 1)].TrimEnd() + "…";
    }

    public static string Size(long? bytes) => bytes is null ? "" : $"{bytes / 1e6:0.00} MB";

    public static string Input(ModelEntry entry)
    {
        var size = entry switch
        {
            { Kind: ModelKind.Encoder, Columns: { } columns } => $"{entry.InputWidth} x {entry.InputHeight} (columns {columns.First} to {columns.Last} of the crop)",
            { Kind: ModelKind.Encoder } => $"{entry.InputWidth} x {entry.InputHeight}",
            { FixedSize: true } => $"{entry.InputWidth} x {entry.InputHeight}, no other",
            _ => "any multiple of 32",
        };
        return $"'{entry.InputName}' {size}, {entry.ChannelOrder.ToString().ToUpperInvariant()}, (x - {Numbers(entry.Mean)}) / {Numbers(entry.Std)}";
    }

    /// <summary>What happens to enrolled faces when another encoder comes into use; null where nothing does.</summary>
    public static string? ContractChange(ModelEntry? before, ModelEntry now)
    {
        if (now.Kind != ModelKind.Encoder)
        {
            return before is null || before.Sha256 == now.Sha256
                ? null
                : "Another detector finds slightly other points: faces enrolled before still match, a little less well. Enrol anew where that matters.";
        }

        var contract = ModelDescription.ContractOf(now);
        return before is null || ModelDescription.ContractOf(before) == contract
            ? null
            : $"Faces encoded by {ModelDescription.ContractOf(before)} cannot be compared with those of {contract}: a gallery that holds them answers CONTRACT_MISMATCH " +
                "until its photos are enrolled anew in a new gallery, or the old encoder is in use again.";
    }

    private static string Numbers(IReadOnlyList<float> values) =>
        values.Distinct().Count() == 1 ? Number(values[0]) : $"[{string.Join(", ", values.Select(Number))}]";

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);
}
