using System.Diagnostics;
using FaceCloud.Testing;

namespace FaceCloud.Deploy.Tests;

/// <summary>What these tests need beside the repository.</summary>
internal static class Needs
{
    private static readonly bool IsCi = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A dependency that a laptop may lack and a build server may not.</summary>
    public static void Require(bool there, string otherwise)
    {
        if (!there && IsCi)
        {
            Assert.Fail(otherwise);
        }

        Assert.SkipUnless(there, otherwise);
    }

    public static string InRepository(params ReadOnlySpan<string> parts) => Path.Combine([RepositoryRoot.Path, .. parts]);

    /// <summary>Runs a program to its end; both outputs are returned whole.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
