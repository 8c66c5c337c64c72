using System.Globalization;
using System.Runtime.InteropServices;
using FaceCloud.FakeQdrant;

// For trying things by hand: dotnet run --project tests/FaceCloud.FakeQdrant -- [port] [key]
var port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 6334;
await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { Port = port, ApiKey = args.Length > 1 ? args[1] : null });
Console.WriteLine($"Fake Qdrant at {server.Address}; it keeps everything in memory. Ctrl+C stops it.");
var stopped = new TaskCompletionSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await stopped.Task;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.TrySetResult();
}
