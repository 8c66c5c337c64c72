using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.Testing;

namespace FaceCloud.IntegrationTests.RealModels;

/// <summary>Standalone with the models of the folder for development; not started where that is absent.</summary>
public sealed class RealDeployment : IAsyncLifetime
{
    private StandaloneDeployment? _system;

    /// <summary>Skips the test when there are no models and photos.</summary>
    public StandaloneDeployment System
    {
        get
        {
            SharedData.SkipUnlessPresent();
            return _system!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (SharedData.IsPresent)
        {
            // The models whose golden values are known, not the shipped ones.
            _system = new StandaloneDeployment
            {
                ModelsDirectory = SharedData.Models,
                Settings = { ["Models:Detector"] = "yunet-n", ["Models:Encoder"] = "mobilefacenet-112x96" },
            };
            await _system.InitializeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }
}
