using FaceCloud.AppHost;
using FaceCloud.AppHost.Orchestration;
using FaceCloud.Cli.Output;
using FaceCloud.Standalone;

if (args is ["demo", .. var demoArgs])
{
    return await Demo.RunAsync(demoArgs, Terminal.OfProcess());
}

var choice = OrchestratorChoice.Of(AspireBuild.ThisOne, OrchestratorChoice.IsPublishing(args), ContainerRuntime.Find);
if (choice.Sentence is { } sentence)
{
    await (choice.Orchestrator is null ? Console.Error : Console.Out).WriteLineAsync($"AppHost: {sentence}");
}

switch (choice.Orchestrator)
{
    case null:
        return 1;
#if ASPIRE
    case Orchestrator.Aspire:
        await AppHost.Build(args).RunAsync();
        return 0;
#endif
    default:
        return await StandaloneHost.RunAsync(args);
}
