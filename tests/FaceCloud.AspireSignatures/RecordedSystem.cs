using Aspire.Hosting.ApplicationModel;

namespace FaceCloud.AspireSignatures;

/// <summary>What AppHost.cs asks of Aspire, given these arguments.</summary>
/// <param name="Resources">By name, in the order they were added.</param>
public sealed record RecordedSystem(IReadOnlyDictionary<string, Resource> Resources)
{
    /// <summary>Runs AppHost.cs as <c>dotnet FaceCloud.AppHost.dll</c> with these arguments would.</summary>
    public static RecordedSystem Of(params string[] args) => new(FaceCloud.AppHost.AppHost.Build(args).Resources);
}
