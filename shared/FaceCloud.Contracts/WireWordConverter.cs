using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceCloud.Contracts;

/// <summary>Enum values in messages are the words that users know (REJECTED_QUALITY), readable for clients of any kind; numbers are understood too.</summary>
public sealed class WireWordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: true)
    where T : struct, Enum;
