using FaceCloud.AppHost.Orchestration;

namespace FaceCloud.Deploy.Tests.AppHost;

public sealed class OrchestratorChoiceTests
{
    private static readonly AspireBuild With = new(HasAspire: true, "", Wish: null);
    private static readonly AspireBuild Without = new(HasAspire: false, "the package feed does not serve it", Wish: null);

    [Fact]
    public void Of_AspireAndARuntime_AspireWithoutAWord()
    {
        var choice = OrchestratorChoice.Of(With, publishing: false, () => "podman");

        Assert.Equal(new OrchestratorChoice(Orchestrator.Aspire), choice);
    }

    [Fact]
    public void Of_AspireButNoRuntime_StandaloneAndSaysWhy()
    {
        var choice = OrchestratorChoice.Of(With, publishing: false, () => null);

        Assert.Equal(Orchestrator.Standalone, choice.Orchestrator);
        Assert.Contains("no container runtime answers (docker, podman)", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoAspire_StandaloneSaysWhyAndAsksNoRuntime()
    {
        var choice = OrchestratorChoice.Of(Without, publishing: false, NotAsked);

        Assert.Equal(Orchestrator.Standalone, choice.Orchestrator);
        Assert.EndsWith("since Aspire is not in this build: the package feed does not serve it.", choice.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', choice.Sentence!);
    }

    [Theory]
    [InlineData("aspire")]
    [InlineData("Aspire")]
    public void Of_AspireDemanded_AspireWithoutAskingForARuntime(string wish)
    {
        var choice = OrchestratorChoice.Of(With with { Wish = wish }, publishing: false, NotAsked);

        Assert.Equal(new OrchestratorChoice(Orchestrator.Aspire), choice);
    }

    [Fact]
    public void Of_AspireDemandedButNotThere_RefusedWithReasonAndRemedy()
    {
        var choice = OrchestratorChoice.Of(Without with { Wish = "aspire" }, publishing: false, NotAsked);

        Assert.Null(choice.Orchestrator);
        Assert.Contains("the package feed does not serve it", choice.Sentence, StringComparison.Ordinal);
        Assert.Contains("dotnet build FaceCloud.AppHost -p:Orchestrator=aspire", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_StandaloneDemanded_StandaloneWithoutAWord()
    {
        var choice = OrchestratorChoice.Of(With with { Wish = "standalone" }, publishing: false, NotAsked);

        Assert.Equal(new OrchestratorChoice(Orchestrator.Standalone), choice);
    }

    [Fact]
    public void Of_UnknownWish_RefusedAndNamed()
    {
        var choice = OrchestratorChoice.Of(With with { Wish = "swarm" }, publishing: false, NotAsked);

        Assert.Null(choice.Orchestrator);
        Assert.Contains("'swarm'", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Publishing_AspireNeedsNoRuntime()
    {
        var choice = OrchestratorChoice.Of(With, publishing: true, NotAsked);

        Assert.Equal(new OrchestratorChoice(Orchestrator.Aspire), choice);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("standalone")]
    public void Of_PublishingWithoutAspire_RefusedAndNotStandalone(string? wish)
    {
        var choice = OrchestratorChoice.Of(Without with { Wish = wish }, publishing: true, NotAsked);

        Assert.Null(choice.Orchestrator);
    }

    [Theory]
    [InlineData(true, "--operation", "publish", "--step", "publish")]
    [InlineData(true, "--operation=publish")]
    [InlineData(true, "--publisher", "manifest")]
    [InlineData(false, "--operation", "run")]
    [InlineData(false, "--Storage:Directory", "publish")]
    [InlineData(false)]
    public void IsPublishing_Arguments_Recognised(bool expected, params string[] args) =>
        Assert.Equal(expected, OrchestratorChoice.IsPublishing(args));

    [Fact]
    public void ThisOne_ThisBuild_KnowsWhyItHasNoAspire() =>
        Assert.NotEqual(AspireBuild.ThisOne.HasAspire, AspireBuild.ThisOne.WhyNot.Length > 0);

    private static string? NotAsked() => throw new InvalidOperationException("No container runtime matters here.");
}
