using System.Text.Json;

namespace FaceCloud.FakeQdrant;

/// <summary>A call as it came: the method without its service (<c>Points/Upsert</c>), the request in protobuf's JSON form, and the headers.</summary>
public sealed record RecordedCall(string Method, JsonElement Request, IReadOnlyDictionary<string, string> Headers);
