using System.Reflection;
using System.Text.RegularExpressions;
using FaceCloud.Encoder;
using FaceCloud.Gallery;
using FaceCloud.Inference;
using FaceCloud.Ingestion;
using FaceCloud.ServiceDefaults;
using FaceCloud.Vision;

namespace FaceCloud.Deploy.Tests;

/// <summary>What the services read and where they listen, taken from their code: a deployment that says something else is wrong.</summary>
internal static partial class ServiceSettings
{
    private static readonly Assembly[] Rooms =
    [
        typeof(EncoderExtensions).Assembly,
        typeof(GalleryExtensions).Assembly,
        typeof(IngestionExtensions).Assembly,
        typeof(Endpoints).Assembly,
        typeof(InferenceExtensions).Assembly,
        typeof(VisionExtensions).Assembly,
    ];

    // Read by the runtime, by ASP.NET Core, by OpenTelemetry, by NVIDIA's container toolkit.
    private static readonly string[] OthersRead = ["DOTNET_", "ASPNETCORE_", "OTEL_", "NVIDIA_"];

    private static readonly Lazy<HashSet<string>> Names = new(() => new HashSet<string>([.. Options(), .. ConnectionStrings()], StringComparer.OrdinalIgnoreCase));

    /// <param name="variable">Such as <c>Encoder__Address</c>.</param>
    public static bool IsRead(string variable) =>
        Names.Value.Contains(variable.Replace("__", ":", StringComparison.Ordinal)) || OthersRead.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The ports a service listens on when nobody says otherwise.</summary>
    public static (int Http, int Grpc) Ports(string service)
    {
        var file = service == "Standalone" ? "StandaloneHost.cs" : "Program.cs";
        var match = EndpointsCall().Match(File.ReadAllText(Needs.InRepository("services", service, file)));
        Assert.True(match.Success, $"services/{service}/{file} does not say AddEndpoints(httpPort: …, grpcPort: …).");
        return (int.Parse(match.Groups[1].ValueSpan), int.Parse(match.Groups[2].ValueSpan));
    }

    private static IEnumerable<string> Options() =>
        from room in Rooms
        from type in room.GetTypes()
        let section = type.GetField("SectionName", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        where section is not null
        from name in Properties((string)section.GetRawConstantValue()!, type)
        select name;

    private static IEnumerable<string> Properties(string section, Type type) =>
        type.GetProperties().Where(property => property.CanWrite).SelectMany(property =>
            property.PropertyType is { IsClass: true, Namespace: ['F', 'a', 'c', 'e', ..] }
                ? Properties($"{section}:{property.Name}", property.PropertyType)
                : [$"{section}:{property.Name}"]);

    private static IEnumerable<string> ConnectionStrings() =>
        new[] { "services", "shared" }
            .SelectMany(room => Directory.EnumerateFiles(Needs.InRepository(room), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => ConnectionName().Matches(File.ReadAllText(file)))
            .Select(match => $"ConnectionStrings:{match.Groups[1].Value}{match.Groups[2].Value}");

    [GeneratedRegex(@"AddEndpoints\(httpPort: (\d+), grpcPort: (\d+)\)")]
    private static partial Regex EndpointsCall();

    [GeneratedRegex("""ConnectionName = "(\w+)"|AddStore<[^>]+>\("(\w+)"\)""")]
    private static partial Regex ConnectionName();
}
