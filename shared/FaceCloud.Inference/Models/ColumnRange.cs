using System.Text.Json.Serialization;

namespace FaceCloud.Inference.Models;

/// <summary>Columns of the 112 x 112 crop that a narrower model takes, both ends included.</summary>
public sealed record ColumnRange(int First, int Last)
{
    [JsonIgnore]
    public int Count => Last - First + 1;
}
