namespace FaceCloud.AppHost.Orchestration;

internal enum Orchestrator
{
    /// <summary>Every service a process, broker and stores in containers, with the dashboard.</summary>
    Aspire = 1,

    /// <summary>The three services in this process.</summary>
    Standalone = 2,
}
