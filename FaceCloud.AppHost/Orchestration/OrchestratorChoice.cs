namespace FaceCloud.AppHost.Orchestration;

/// <summary>What runs the system, and the line that says why it is not what one might expect.</summary>
/// <param name="Orchestrator">Null: refused; the sentence says what to do.</param>
/// <param name="Sentence">For the user; null when what runs is what was asked for.</param>
internal sealed record OrchestratorChoice(Orchestrator? Orchestrator, string? Sentence = null)
{
    private const string Fallback = "running Standalone (Ingestion, Encoder and Gallery in this process)";

    /// <param name="build">What was compiled in, and what the user wishes.</param>
    /// <param name="publishing">Files for a deployment are wanted, which only Aspire writes, and without containers.</param>
    /// <param name="findRuntime">Name of a container runtime that answers, or null; asked only where it matters.</param>
    public static OrchestratorChoice Of(AspireBuild build, bool publishing, Func<string?> findRuntime)
    {
        var wish = Read(build.Wish);
        if (wish is { IsWrong: true })
        {
            return new(null, $"Orchestrator must be aspire, standalone or auto; it is '{build.Wish}'.");
        }

        if (publishing && wish.Orchestrator == Orchestration.Orchestrator.Standalone)
        {
            return new(null, "Standalone publishes nothing; leave Orchestrator=standalone out, or take deploy/compose and deploy/kubernetes as they are.");
        }

        if (wish.Orchestrator == Orchestration.Orchestrator.Standalone)
        {
            return new(Orchestration.Orchestrator.Standalone);
        }

        if (!build.HasAspire)
        {
            return publishing || wish.Orchestrator is not null
                ? new(null, $"Aspire is not in this build: {build.WhyNot}. Where the package feed serves it: dotnet build FaceCloud.AppHost -p:Orchestrator=aspire.")
                : new(Orchestration.Orchestrator.Standalone, $"{Fallback}, since Aspire is not in this build: {build.WhyNot}.");
        }

        // Demanded, Aspire says itself what it misses.
        if (publishing || wish.Orchestrator is not null || findRuntime() is not null)
        {
            return new(Orchestration.Orchestrator.Aspire);
        }

        return new(
            Orchestration.Orchestrator.Standalone,
            $"{Fallback}, since no container runtime answers (docker, podman) and Aspire needs one for RabbitMQ, PostgreSQL and Qdrant; Orchestrator=aspire tries all the same.");
    }

    /// <summary>Whether the arguments ask Aspire for deployment files: <c>--operation publish</c>, or its older <c>--publisher</c>.</summary>
    public static bool IsPublishing(ReadOnlySpan<string> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--publisher" or "--operation=publish" || (args[i] is "--operation" && i + 1 < args.Length && args[i + 1] is "publish"))
            {
                return true;
            }
        }

        return false;
    }

    private static (Orchestrator? Orchestrator, bool IsWrong) Read(string? wish) => wish?.ToUpperInvariant() switch
    {
        null or "" or "AUTO" => (null, false),
        "ASPIRE" => (Orchestration.Orchestrator.Aspire, false),
        "STANDALONE" => (Orchestration.Orchestrator.Standalone, false),
        _ => (null, true),
    };
}
