using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FaceCloud.Deploy.Tests.Containers;

/// <summary>There is no container engine where these tests run: what can be known without one.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] ServiceNames = ["Encoder", "Gallery", "Ingestion", "Standalone"];

    [Theory]
    [MemberData(nameof(Services))]
    public void Images_All_PinnedByVersion(string service)
    {
        var file = Dockerfile.Of(service);

        var outside = file.Stages.Select(stage => stage.Base).Where(image => file.Stages.All(stage => stage.Name != image)).ToArray();
        Assert.NotEmpty(outside);
        Assert.All(outside, image => Assert.Matches(@"^[a-z0-9./-]+:\d+\.\d+\.\d+[a-z0-9.-]*$", image));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Image_OfTheProcessor_ChiseledAndNotRoot(string service)
    {
        var file = Dockerfile.Of(service);

        Assert.Contains("chiseled", file.BaseImage(), StringComparison.Ordinal);
        Assert.DoesNotContain(file.Image(), instruction => instruction.Word == "RUN"); // it has no shell
        AssertNotRoot(file);
    }

    [Fact]
    public void Image_OfTheGpu_BuildsForCudaDemandsItAndIsNotRoot()
    {
        var file = Dockerfile.Of("Encoder", ("ACCELERATOR", "cuda"));

        Assert.StartsWith("nvidia/cuda:13.", file.BaseImage(), StringComparison.Ordinal);
        Assert.Contains("cudnn-runtime", file.BaseImage(), StringComparison.Ordinal);
        Assert.Contains("-p:Accelerator=cuda", file.Stages[0].Instructions.Single(instruction => instruction.Word == "RUN").Text, StringComparison.Ordinal);
        Assert.Equal("cuda", file.Environment()["Encoder__ExecutionProvider"]);
        AssertNotRoot(file);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Copy_FromTheRepository_SourcesExistAndAreNotIgnored(string service)
    {
        var ignored = File.ReadAllLines(Needs.InRepository(".dockerignore")).Where(line => line.Length > 0 && line[0] != '#' && !line.StartsWith("**/", StringComparison.Ordinal)).ToArray();

        var sources = Dockerfile.Of(service).Stages[0].Instructions
            .Where(instruction => instruction.Word == "COPY")
            .SelectMany(instruction => instruction.Text.Split(' ')[..^1])
            .ToArray();

        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            Assert.True(Path.Exists(Needs.InRepository(source)), $"{source} is not in the repository.");
            Assert.DoesNotContain(ignored, entry => source.TrimEnd('/') == entry || source.StartsWith(entry + "/", StringComparison.Ordinal));
        });
    }

    /// <summary>A project that the service refers to, and nobody copied, would break the build of the image only.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    public void Copy_FromTheRepository_HoldsEveryReferredProject(string service)
    {
        var copied = Dockerfile.Of(service).Stages[0].Instructions
            .Where(instruction => instruction.Word == "COPY")
            .SelectMany(instruction => instruction.Text.Split(' ')[..^1])
            .ToArray();

        var projects = Referred(Needs.InRepository("services", service, $"FaceCloud.{service}.csproj")).ToArray();

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Contains(copied, source => source.EndsWith('/') && project.StartsWith(source, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Image_Ports_AreThoseOfTheCode(string service)
    {
        var file = Dockerfile.Of(service);

        var (http, grpc) = ServiceSettings.Ports(service);
        Assert.Equal($"{http} {grpc}", file.Image().Single(instruction => instruction.Word == "EXPOSE").Text);
        Assert.Contains($"http://127.0.0.1:{http}/health", file.Image().Single(instruction => instruction.Word == "HEALTHCHECK").Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Image_Entrypoint_IsTheServicesAssembly(string service)
    {
        var entrypoint = JsonSerializer.Deserialize<string[]>(Dockerfile.Of(service).Image().Single(instruction => instruction.Word == "ENTRYPOINT").Text)!;

        var name = await Needs.RunAsync("dotnet", ["msbuild", Needs.InRepository("services", service), "-getProperty:AssemblyName"], Needs.InRepository());

        Assert.Equal(["dotnet", $"{name.Output.Trim()}.dll"], entrypoint);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Image_Environment_IsReadByTheService(string service) =>
        Assert.All(Dockerfile.Of(service).Environment().Keys, variable => Assert.True(ServiceSettings.IsRead(variable), $"No service reads {variable}."));

    /// <summary>Only /data and /tmp are written: the root may be read-only. The folder is there with the right owner.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    public void Image_Data_IsAVolumeOfTheUser(string service)
    {
        var file = Dockerfile.Of(service);

        Assert.Equal("/data", file.Environment()["Storage__Directory"]);
        Assert.Equal("/data", file.Image().Single(instruction => instruction.Word == "VOLUME").Text);
        Assert.Contains(file.Image(), instruction => instruction.Word == "COPY" && instruction.Text == "--from=build --chown=1654:1654 /data /data");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Versions_OfTheImages_AreThoseOfTheBuild(string service)
    {
        var sdk = JsonDocument.Parse(File.ReadAllText(Needs.InRepository("global.json"))).RootElement.GetProperty("sdk").GetProperty("version").GetString()!;

        var file = Dockerfile.Of(service);

        Assert.StartsWith(string.Join('.', sdk.Split('.')[..2]) + ".", file.Arguments["SDK_TAG"], StringComparison.Ordinal);
        Assert.StartsWith(string.Join('.', sdk.Split('.')[..2]) + ".", file.Arguments["ASPNET_TAG"], StringComparison.Ordinal);
    }

    /// <summary>A chiseled image has glibc, libstdc++ and libgcc_s beside .NET's own needs, and nothing else to link with.</summary>
    [Theory]
    [InlineData("libvips.so.42")]
    [InlineData("libonnxruntime.so")]
    [InlineData("libe_sqlite3.so")]
    public async Task Native_Libraries_NeedNothingThatAChiseledImageLacks(string library)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/readelf"), "readelf (binutils) is not installed.");
        string[] there = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2"];

        var path = Directory.EnumerateFiles(AppContext.BaseDirectory, library, SearchOption.AllDirectories).First(file => file.Contains("linux-x64", StringComparison.Ordinal));
        var (_, output, _) = await Needs.RunAsync("readelf", ["-d", path], Path.GetTempPath());

        var needed = NeededLibrary().Matches(output).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(needed);
        Assert.Empty(needed.Except(there));
    }

    [Fact]
    public async Task Probe_AnswerOrNone_ExitCodeSaysIt()
    {
        var probe = Path.Combine(AppContext.BaseDirectory, "FaceCloud.Probe.dll");
        await using var server = await AnsweringServer.StartAsync();

        var healthy = await Needs.RunAsync("dotnet", [probe, $"{server.Address}health"], Path.GetTempPath());
        var unhealthy = await Needs.RunAsync("dotnet", [probe, $"{server.Address}broken"], Path.GetTempPath());
        var nobody = await Needs.RunAsync("dotnet", [probe, "http://127.0.0.1:1/health"], Path.GetTempPath());
        var nonsense = await Needs.RunAsync("dotnet", [probe], Path.GetTempPath());

        Assert.Equal((0, 1, 1, 2), (healthy.ExitCode, unhealthy.ExitCode, nobody.ExitCode, nonsense.ExitCode));
    }

    public static TheoryData<string> Services() => [.. ServiceNames];

    private static void AssertNotRoot(Dockerfile file) =>
        Assert.Equal("1654", file.Image().Last(instruction => instruction.Word == "USER").Text);

    private static IEnumerable<string> Referred(string project)
    {
        yield return Path.GetRelativePath(Needs.InRepository(), project).Replace('\\', '/');
        var references = XDocument.Load(project).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value);
        foreach (var other in references.Select(reference => Path.GetFullPath(reference, Path.GetDirectoryName(project)!)).SelectMany(Referred))
        {
            yield return other;
        }
    }

    [GeneratedRegex(@"\(NEEDED\).*\[(.+)\]")]
    private static partial Regex NeededLibrary();
}
