using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FaceCloud.TestServers.Processes;

/// <summary>
/// A program that the tests start. It dies with the test run, also when that is killed half way,
/// and keeps the end of what it writes.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int Kept = 400;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    // The kernel sends the death signal when the thread that started the child ends, not only when the process does:
    // so one thread starts all children and lives as long as the test run.
    private static readonly BlockingCollection<Action> Starts = StartStarter();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines written, for messages of failed tests.</summary>
    public string Tail => $"---- last lines of {Name} ----{Environment.NewLine}{string.Join(Environment.NewLine, _output)}";

    /// <summary>Starts a program; as another user when one is given (only root may).</summary>
    public static ChildProcess Start(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null, string? user = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var part in Guarded(program, arguments, user))
        {
            if (start.FileName.Length == 0)
            {
                start.FileName = part;
            }
            else
            {
                start.ArgumentList.Add(part);
            }
        }

        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(name, new Process { StartInfo = start });
        child.Start();
        return child;
    }

    /// <summary>Runs a program to its end; fails with its output when it does not return 0.</summary>
    public static async Task RunAsync(string name, string program, IEnumerable<string> arguments, string? user, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null)
    {
        await using var child = Start(name, program, arguments, settings, user);
        if (await child.WaitAsync(cancellationToken) != 0)
        {
            throw new InvalidOperationException($"{name} ended with {child.ExitCode}.{Environment.NewLine}{child.Tail}");
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Signal 19: stands still, with whatever it has in hand, until <see cref="Thaw"/>.</summary>
    public void Freeze() => _ = Signal(_process.Id, Stop);

    /// <summary>Signal 18: goes on.</summary>
    public void Thaw() => _ = Signal(_process.Id, Continue);

    /// <summary>Signal 9: no drain, no goodbye.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Signal 15, then waits for the end; signal 9 when it takes longer than the patience.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        if (_process.HasExited)
        {
            return true;
        }

        _ = Signal(_process.Id, Terminate);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static IEnumerable<string> Guarded(string program, IEnumerable<string> arguments, string? user)
    {
        if (OperatingSystem.IsLinux())
        {
            yield return "setpriv";
            yield return "--pdeathsig=KILL";
            if (user is not null)
            {
                yield return $"--reuid={user}";
                yield return $"--regid={user}";
                yield return "--init-groups";
            }

            yield return "--";
        }

        yield return program;
        foreach (var argument in arguments)
        {
            yield return argument;
        }
    }

    private static BlockingCollection<Action> StartStarter()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "child process starter" }.Start();
        return starts;
    }

    private void Start()
    {
        var started = new TaskCompletionSource();
        Starts.Add(() =>
        {
            try
            {
                _process.Start();
                started.SetResult();
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        started.Task.GetAwaiter().GetResult();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        while (_output.Count > Kept)
        {
            _output.TryDequeue(out _);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
