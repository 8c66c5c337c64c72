using System.Runtime.InteropServices;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>Runs something on a thread of its own that may use one core only; on Linux, elsewhere on any.</summary>
internal static class OneCore
{
    public static Task<T> RunAsync<T>(int core, Func<T> work)
    {
        var done = new TaskCompletionSource<T>();
        new Thread(() =>
        {
            try
            {
                Pin(core);
                done.SetResult(work());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }).Start();
        return done.Task;
    }

    private static void Pin(int core)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // A bit a core, in words of 64; 0 is the calling thread.
        var mask = new ulong[16];
        mask[core / 64] = 1UL << (core % 64);
        if (SetAffinity(0, (nuint)(mask.Length * sizeof(ulong)), mask) != 0)
        {
            throw new InvalidOperationException($"Core {core} cannot be used: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAffinity(int thread, nuint size, ulong[] mask);
}
