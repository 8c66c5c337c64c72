using System.Runtime.InteropServices;
using FaceCloud.Trainer.Failures;
using TorchSharp;

namespace FaceCloud.Trainer.Native;

/// <summary>
/// Makes libtorch loadable. On a Linux whose libstdc++ is older than GCC 13 the binding is edited first
/// (<see cref="LibstdcxxShim"/>); everywhere else this only loads it.
/// </summary>
public static class TorchRuntime
{
    private const string BindingFile = "libLibTorchSharp.so";

    private static readonly Lock Gate = new();
    private static bool _ready;

    /// <summary>Loads libtorch once. Safe to call often and from several threads.</summary>
    /// <param name="log">Receives the one line that is worth saying; null where nobody reads it.</param>
    /// <exception cref="TrainerException">libtorch cannot be loaded; the sentence names the cause.</exception>
    public static void Ensure(Action<string>? log = null)
    {
        lock (Gate)
        {
            if (_ready)
            {
                return;
            }

            if (OperatingSystem.IsLinux() && !StandardLibraryIsNewEnough())
            {
                EditBinding(log);
            }

            try
            {
                using var probe = torch.zeros(1);
            }
            catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
            {
                throw new TrainerException(
                    "libtorch could not be loaded. The libraries belong in runtimes/<platform>/native beside the program; build it again for this platform. " +
                    $"The loader said: {e.GetBaseException().Message}",
                    e);
            }

            _ready = true;
        }
    }

    private static bool StandardLibraryIsNewEnough()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out var library))
        {
            throw new TrainerException("libtorch needs the C++ standard library libstdc++.so.6, which is not on this system; install the package libstdc++6.");
        }

        return NativeLibrary.TryGetExport(library, LibstdcxxShim.MissingSymbol, out _);
    }

    private static void EditBinding(Action<string>? log)
    {
        var path = BindingPaths().FirstOrDefault(File.Exists)
            ?? throw new TrainerException($"{BindingFile} is not beside the program; build it again for this platform.");
        try
        {
            if (LibstdcxxShim.Apply(path))
            {
                log?.Invoke($"libstdc++ is older than GCC 13 here: edited {BindingFile} in the output folder so that it loads (one reference, no change in behaviour).");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TrainerException(
                $"libstdc++ is older than GCC 13 here and {BindingFile} could not be edited to load without it ({e.Message}). " +
                "Make the program's folder writable for one start, or use a system with GCC 13's libstdc++6 (Debian 13, Ubuntu 24.04).",
                e);
        }
    }

    private static IEnumerable<string> BindingPaths()
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native", BindingFile);
        yield return Path.Combine(AppContext.BaseDirectory, BindingFile);
    }
}
