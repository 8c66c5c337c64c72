using System.Text.Json;
using FaceCloud.Contracts;

namespace FaceCloud.Ingestion.Store;

/// <summary>Wire names of <see cref="QualityReason"/>: <c>LowSharpness</c> is <c>LOW_SHARPNESS</c>.</summary>
public static class QualityReasons
{
    private static readonly Dictionary<QualityReason, string> Names =
        Enum.GetValues<QualityReason>().ToDictionary(reason => reason, reason => JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason.ToString()));

    private static readonly Dictionary<string, QualityReason> Reasons = Names.ToDictionary(name => name.Value, name => name.Key);

    public static string ToWire(this QualityReason reason) => Names[reason];

    public static QualityReason FromWire(string name) => Reasons[name];
}
