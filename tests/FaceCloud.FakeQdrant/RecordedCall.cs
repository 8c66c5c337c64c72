using System.Text.Json;
using Google.Protobuf;

namespace FaceCloud.FakeQdrant;

/// <summary>A call as it came.</summary>
public sealed class RecordedCall
{
    private readonly Lazy<JsonElement> _request;

    internal RecordedCall(string method, IMessage request, IReadOnlyDictionary<string, string> headers)
    {
        (Method, Headers) = (method, headers);
        _request = new Lazy<JsonElement>(() => JsonDocument.Parse(JsonFormatter.Default.Format(request)).RootElement);
    }

    /// <summary>Without its package: <c>Points/Upsert</c>.</summary>
    public string Method { get; }

    /// <summary>In protobuf's JSON form.</summary>
    public JsonElement Request => _request.Value;

    public IReadOnlyDictionary<string, string> Headers { get; }
}
