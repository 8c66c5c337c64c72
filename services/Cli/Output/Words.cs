using System.Text;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;

namespace FaceCloud.Cli.Output;

/// <summary>Values as the protocol's words and as people read them.</summary>
internal static class Words
{
    /// <summary>The protocol's word without its prefix: RejectedQuality is REJECTED_QUALITY.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum
    {
        var word = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsUpper(letter) && word.Length > 0)
            {
                word.Append('_');
            }

            word.Append(char.ToUpperInvariant(letter));
        }

        return word.ToString();
    }

    public static string[] Of<TEnum>(IEnumerable<TEnum> values)
        where TEnum : struct, Enum => [.. values.Select(Of)];

    public static string Join(IEnumerable<string> words) => string.Join(", ", words);

    public static string Number(double value) => value.ToString("0.000");

    public static string Box(Box? box) => box is null ? "" : $"{box.X:0},{box.Y:0} {box.Width:0}x{box.Height:0}";

    /// <summary>The value, where it came from, and what it stands for.</summary>
    public static string Threshold(Threshold? threshold)
    {
        if (threshold is null)
        {
            return "";
        }

        var rate = threshold switch
        {
            { FalsePositiveRate: > 0 } => $", FPIR {threshold.FalsePositiveRate:0.######} over {threshold.GallerySize}",
            { FalseAcceptRate: > 0 } => $", FAR {threshold.FalseAcceptRate:0.########}",
            _ => "",
        };
        var version = threshold.CalibrationVersion > 0 ? $" v{threshold.CalibrationVersion}" : "";
        return $"{Number(threshold.Value)} ({Of(threshold.Source)}{version}{rate}{(threshold.Extrapolated ? ", extrapolated" : "")})";
    }

    public static string Time(Timestamp? time) => time is null ? "" : time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss");
}
