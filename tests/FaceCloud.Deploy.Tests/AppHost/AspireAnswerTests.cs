using System.IO.Compression;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.Deploy.Tests.AppHost;

/// <summary>
/// How a restore finds out whether the package feed serves Aspire: the real Orchestration folder in a project of the test's,
/// with a feed of the test's that is a folder, and a package cache of its own.
/// </summary>
public sealed class AspireAnswerTests : IDisposable
{
    private readonly OwnFolder _folder = new("aspire-answer");

    public AspireAnswerTests()
    {
        var source = Needs.InRepository("FaceCloud.AppHost", "Orchestration");
        foreach (var file in new[] { "Orchestrator.props", "Orchestrator.targets", "AspireProbe.proj" })
        {
            File.Copy(Path.Combine(source, file), Path.Combine(_folder.Folder("FaceCloud.AppHost/Orchestration"), file));
        }

        _folder.Folder("feed");
        File.WriteAllText(_folder.File("nuget.config"), """
            <configuration><packageSources><clear /><add key="test" value="feed" /></packageSources></configuration>
            """);
        File.WriteAllText(_folder.File("FaceCloud.AppHost/FaceCloud.AppHost.csproj"), """
            <Project>
              <Import Project="Orchestration/Orchestrator.props" />
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup Condition="'$(UseAspire)' == 'true'">
                <PackageReference Include="Aspire.Hosting.AppHost" Version="13.5.2" />
              </ItemGroup>
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
              <Import Project="Orchestration/Orchestrator.targets" />
            </Project>
            """);
    }

    private string Answer => _folder.File("artifacts/obj/FaceCloud.AppHost/aspire.props");

    private string Assets => File.ReadAllText(_folder.File("FaceCloud.AppHost/obj/project.assets.json"));

    [Fact]
    public async Task Restore_FeedWithoutAspire_NoIsKeptAndNothingFails()
    {
        var (exitCode, output) = await DotnetAsync("restore");

        Assert.True(exitCode == 0, output);
        Assert.Contains("<AspireServed>false</AspireServed>", File.ReadAllText(Answer), StringComparison.Ordinal);
        Assert.Contains("the package feed does not serve it", File.ReadAllText(Answer), StringComparison.Ordinal);
        Assert.DoesNotContain("Aspire.Hosting.AppHost", Assets, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_FeedWithAspire_PackagesAreThereAfterTheFirstRestore()
    {
        Serve("Aspire.AppHost.Sdk");
        Serve("Aspire.Hosting.AppHost");

        var (exitCode, output) = await DotnetAsync("restore");

        Assert.True(exitCode == 0, output);
        Assert.Contains("<AspireServed>true</AspireServed>", File.ReadAllText(Answer), StringComparison.Ordinal);
        Assert.Contains("Aspire.Hosting.AppHost/13.5.2", Assets, StringComparison.Ordinal);
        Assert.Equal("true", (await DotnetAsync("msbuild", "-getProperty:UseAspire")).Output.Trim());
    }

    [Fact]
    public async Task Restore_AnswerIsThere_FeedIsNotAskedAgain()
    {
        await DotnetAsync("restore");
        Serve("Aspire.AppHost.Sdk");
        Serve("Aspire.Hosting.AppHost");

        var (exitCode, output) = await DotnetAsync("restore");

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("Asking the package feed", output, StringComparison.Ordinal);
        Assert.Equal("false", (await DotnetAsync("msbuild", "-getProperty:UseAspire")).Output.Trim());
    }

    [Fact]
    public async Task Restore_AspireDemandedButNotServed_FailsWithASentence()
    {
        var (exitCode, output) = await DotnetAsync("restore", "-p:Orchestrator=aspire");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Orchestrator=aspire, but the package feed does not serve it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_AspireDemandedButNeverAsked_FailsWithASentence()
    {
        await DotnetAsync("restore", "-p:Orchestrator=standalone");

        var (exitCode, output) = await DotnetAsync("build", "--no-restore", "-p:Orchestrator=aspire");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Orchestrator=aspire, but the package feed was not asked for it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_StandaloneDemanded_FeedIsNotAsked()
    {
        Serve("Aspire.AppHost.Sdk");
        Serve("Aspire.Hosting.AppHost");

        var (exitCode, output) = await DotnetAsync("restore", "-p:Orchestrator=standalone");

        Assert.True(exitCode == 0, output);
        Assert.False(File.Exists(Answer));
        Assert.Equal("false", (await DotnetAsync("msbuild", "-getProperty:UseAspire", "-p:Orchestrator=standalone")).Output.Trim());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int ExitCode, string Output)> DotnetAsync(string verb, params string[] options)
    {
        // A cache of its own: these packages are not Aspire's, though they bear its names.
        var environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = _folder.Folder("packages"),
            ["Orchestrator"] = "",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        };
        var (exitCode, output, error) = await Needs.RunAsync("dotnet", [verb, .. options], _folder.Folder("FaceCloud.AppHost"), environment);
        return (exitCode, output + error);
    }

    private void Serve(string id)
    {
        using var package = ZipFile.Open(Path.Combine(_folder.Folder("feed"), $"{id}.13.5.2.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        writer.Write($"""
            <package><metadata><id>{id}</id><version>13.5.2</version><authors>test</authors><description>Empty, for a test.</description></metadata></package>
            """);
    }
}
