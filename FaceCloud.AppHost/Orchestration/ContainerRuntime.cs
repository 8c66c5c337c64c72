using System.ComponentModel;
using System.Diagnostics;

namespace FaceCloud.AppHost.Orchestration;

/// <summary>Docker or Podman: which one answers.</summary>
internal static class ContainerRuntime
{
    // Aspire's own setting; docker where it is not set.
    private const string Setting = "ASPIRE_CONTAINER_RUNTIME";

    private static readonly string[] Known = ["docker", "podman"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The one of ASPIRE_CONTAINER_RUNTIME, else docker, else podman, which is then set for Aspire.</summary>
    /// <returns>Its name, or null when none answers within ten seconds.</returns>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } chosen)
        {
            return Answers(chosen) ? chosen : null;
        }

        var found = Known.FirstOrDefault(Answers);
        if (found is not null)
        {
            Environment.SetEnvironmentVariable(Setting, found);
        }

        return found;
    }

    // "info" asks the engine and not only the command line, which is often installed without one.
    private static bool Answers(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null)
            {
                return false;
            }

            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Patience))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }
    }
}
