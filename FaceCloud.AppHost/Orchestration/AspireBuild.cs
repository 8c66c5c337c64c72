using System.Reflection;

namespace FaceCloud.AppHost.Orchestration;

/// <summary>What the build knew (Orchestrator.props).</summary>
/// <param name="HasAspire">Aspire is compiled in.</param>
/// <param name="WhyNot">Why it is not: the end of a sentence that begins with "Aspire is not in this build: ".</param>
/// <param name="Wish">The property or environment variable Orchestrator; null or auto leave it open.</param>
internal sealed record AspireBuild(bool HasAspire, string WhyNot, string? Wish)
{
    private const string Setting = "Orchestrator";

#if ASPIRE
    private const bool IsHere = true;
#else
    private const bool IsHere = false;
#endif

    /// <summary>This program; the environment goes before the property it was built with.</summary>
    public static AspireBuild ThisOne { get; } = new(
        IsHere,
        Metadata("WhyNoAspire") ?? "",
        Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } wish ? wish : Metadata(Setting));

    private static string? Metadata(string key) =>
        typeof(AspireBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;
}
