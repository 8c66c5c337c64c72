using System.Text.Json.Serialization;

namespace FaceCloud.Cli.Models;

/// <summary>A model's file against its manifest.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="State">OK, WRONG or MISSING.</param>
/// <param name="IsGood">It need not be repaired.</param>
/// <param name="Path">Of the file, or where it should be.</param>
/// <param name="Sha256">What the manifest says.</param>
/// <param name="Found">What the file has; null when it is missing.</param>
internal sealed record ModelCheck(string Name, string State, [property: JsonIgnore] bool IsGood, string Path, string Sha256, string? Found);
