using System.Text.Json;
using Grpc.Core;

namespace FaceCloud.ServiceDefaults;

/// <summary>Values of tags as OpenTelemetry writes them: NotRecognized is not_recognized.</summary>
public static class Words
{
    /// <summary>Of an outcome, reason or state.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        Known<TEnum>.Names.TryGetValue(value, out var word) ? word : "other";

    /// <summary>As gRPC writes them: NOT_FOUND.</summary>
    public static string OfStatus(StatusCode status) => Of(status).ToUpperInvariant();

    private static class Known<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> Names =
            Enum.GetValues<TEnum>().Distinct().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
