using FaceCloud.Trainer.Native;
using FaceCloud.Trainer.Tests.Support;
using TorchSharp;

[assembly: AssemblyFixture(typeof(TorchFixture))]

namespace FaceCloud.Trainer.Tests.Support;

/// <summary>libtorch for all tests, on one thread: sums then come out the same everywhere.</summary>
public sealed class TorchFixture
{
    public TorchFixture()
    {
        TorchRuntime.Ensure();
        torch.set_num_threads(1);
    }
}
