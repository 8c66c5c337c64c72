using System.Text.RegularExpressions;
using FaceCloud.Testing;

namespace FaceCloud.StructuralTests;

/// <summary>A reader guesses right where things are.</summary>
public sealed partial class LayoutTests
{
    // The Aspire convention: Program.cs finds these without a using.
    private static readonly string[] OtherNamespace = ["shared/FaceCloud.ServiceDefaults/ServiceDefaults.cs"];

    [Theory]
    [InlineData("Encoder")]
    [InlineData("Gallery")]
    [InlineData("Ingestion")]
    public void ServiceFolder_HasItsTableOfContents(string service)
    {
        string[] expected = ["Program.cs", "README.md", $"{service}Extensions.cs", $"{service}Options.cs", "Log.cs", "Telemetry.cs", $"FaceCloud.{service}.csproj"];

        Assert.All(expected, file => Assert.True(File.Exists(InRepository("services", service, file)), $"services/{service}/{file} is missing."));
    }

    [Fact]
    public void Services_All_HaveAReadmeAndAProgram()
    {
        var projects = Directory.EnumerateDirectories(InRepository("services")).Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any());

        Assert.All(projects, folder =>
        {
            Assert.True(File.Exists(Path.Combine(folder, "README.md")), $"{folder} has no README.md.");
            Assert.True(File.Exists(Path.Combine(folder, "Program.cs")), $"{folder} has no Program.cs.");
        });
    }

    // In Standalone the files of three services would be one.
    [Fact]
    public void Services_NoAppsettings_SinceStandaloneHoldsAll() =>
        Assert.Empty(Directory.EnumerateFiles(InRepository("services"), "appsettings*.json", SearchOption.AllDirectories));

    [Fact]
    public void Projects_All_AreInTheSolution()
    {
        var solution = File.ReadAllText(InRepository("FaceCloud.sln"));

        Assert.All(Sources("*.csproj"), project => Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_OfPackages_StandInOnePlace() =>
        Assert.All(Sources("*.csproj"), project => Assert.DoesNotMatch("PackageReference[^>]*Version=", File.ReadAllText(InRepository(project))));

    [Fact]
    public void Namespaces_OfServicesAndShared_FollowTheFolders()
    {
        var wrong = new List<string>();
        foreach (var file in Sources("*.cs").Where(file => file.StartsWith("services/", StringComparison.Ordinal) || file.StartsWith("shared/", StringComparison.Ordinal)).Except(OtherNamespace))
        {
            var expected = NamespaceOf(file);
            if (Declared().Match(File.ReadAllText(InRepository(file))) is { Success: true } match && match.Groups[1].Value != expected)
            {
                wrong.Add($"{file}: {match.Groups[1].Value}, not {expected}");
            }
        }

        Assert.Empty(wrong);
    }

    private static string NamespaceOf(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var inner = new Stack<string>();
        while (!Directory.EnumerateFiles(InRepository(folder), "*.csproj").Any())
        {
            inner.Push(Path.GetFileName(folder));
            folder = Path.GetDirectoryName(folder)!;
        }

        var room = Path.GetFileName(folder);
        return string.Join('.', inner.Prepend(room.StartsWith("FaceCloud.", StringComparison.Ordinal) ? room : $"FaceCloud.{room}"));
    }

    private static IEnumerable<string> Sources(string pattern) =>
        new[] { "services", "shared", "tests", "FaceCloud.AppHost" }
            .SelectMany(room => Directory.EnumerateFiles(InRepository(room), pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"));

    private static string InRepository(params string[] parts) => Path.Combine([RepositoryRoot.Path, .. parts]);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
