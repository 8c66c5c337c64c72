using System.Runtime;

namespace FaceCloud.Trainer.Networks;

/// <summary>
/// Runs code of TorchSharp that does tensor arithmetic with bare numbers, which we cannot write otherwise (<see cref="Number"/> says what is wrong
/// with them): as long as it runs nothing is collected, so no number is freed while a native call reads it.
/// </summary>
internal static class Uncollected
{
    // A step of an optimiser makes some thousand small objects; others may allocate meanwhile.
    private const long Allowance = 32 << 20;

    // There is one such region in a process.
    private static readonly Lock Region = new();

    public static void Run(Action work)
    {
        lock (Region)
        {
            var begun = GC.TryStartNoGCRegion(Allowance);
            try
            {
                work();
            }
            finally
            {
                // Somebody who allocated more than the allowance has ended it before.
                if (begun && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
                {
                    GC.EndNoGCRegion();
                }
            }
        }
    }
}
