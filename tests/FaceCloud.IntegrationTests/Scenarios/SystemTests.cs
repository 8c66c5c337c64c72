using FaceCloud.IntegrationTests.Deployments;

namespace FaceCloud.IntegrationTests.Scenarios;

/// <summary>Tests on a running system; a failed one shows the ends of the services' logs.</summary>
public abstract class SystemTests(Deployment system) : IDisposable
{
    protected Deployment System { get; } = system;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(System.Tails);
        }

        GC.SuppressFinalize(this);
    }
}
