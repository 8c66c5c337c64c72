using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FaceCloud.Benchmarks.Index;

/// <summary>One of our small C++ programs around a library we compare with; compiled here, if that can be.</summary>
public sealed class NativeProgram
{
    private readonly string _path;

    private NativeProgram(string path) => _path = path;

    /// <returns>The program, or a sentence on why there is none.</returns>
    public static async Task<(NativeProgram? Program, string? Reason)> CompileAsync(string name, string folder, string[] libraries, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, name);
        var source = Path.Combine(AppContext.BaseDirectory, "native", name + ".cpp");
        try
        {
            var (code, _, error) = await RunAsync("g++", ["-O3", "-march=native", "-fopenmp", "-std=c++17", source, "-o", path, .. libraries], cancellationToken);
            return code == 0
                ? (new NativeProgram(path), null)
                : (null, $"{name} does not compile here: {error.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))}");
        }
        catch (Win32Exception)
        {
            return (null, $"{name} was left out: there is no g++ here.");
        }
    }

    /// <summary>What the program printed, name and number a line.</summary>
    /// <param name="arguments">As its source says.</param>
    /// <param name="blasThreads">Threads of OpenBLAS; 0 leaves the choice to it.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task<Dictionary<string, double>> MeasureAsync(IEnumerable<string> arguments, int blasThreads, CancellationToken cancellationToken)
    {
        var (code, output, error) = await RunAsync(_path, arguments, cancellationToken, blasThreads);
        return code == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{Path.GetFileName(_path)} ended with {code}: {error}");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken, int blasThreads = 0)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // faiss' threads would else spin while OpenBLAS' threads want their cores: its batches are several times faster so.
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        if (blasThreads > 0)
        {
            start.Environment["OPENBLAS_NUM_THREADS"] = blasThreads.ToString(CultureInfo.InvariantCulture);
        }

        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
