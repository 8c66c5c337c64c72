using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FaceCloud.Numerics;

namespace FaceCloud.Benchmarks.Index;

/// <summary>The tables of results/index.md.</summary>
public sealed class IndexReport(IndexSettings settings)
{
    private readonly List<string> _notes = [];
    private readonly List<(FaceSet Set, OwnResult Result)> _own = [];
    private readonly StringBuilder _others = new();
    private readonly StringBuilder _loads = new();

    public void Note(string? sentence)
    {
        if (sentence is not null)
        {
            _notes.Add(sentence);
        }
    }

    /// <summary>Bytes a second, the best measured.</summary>
    public double Bandwidth { get; set; }

    public void Add(FaceSet set, OwnResult own, IReadOnlyList<OtherResult> others)
    {
        _own.Add((set, own));
        foreach (var other in others)
        {
            Row(_others, Name(set), other.Name, Milliseconds(other.One), $"**{other.One / own.One:F1}**", Milliseconds(other.Batch), $"**{other.Batch / own.Together:F2}**", $"{other.Recall:F3}");
        }
    }

    public void AddLoad(FaceSet set, (TimeSpan Time, TimeSpan Processor) load) =>
        Row(_loads, Name(set), $"**{load.Time.TotalSeconds:F1}**", $"{load.Processor.TotalSeconds:F1}", $"{set.Faces / load.Time.TotalSeconds:F0}");

    public override string ToString() =>
        $"""
        # The embedded index against memory, faiss and hnswlib

        * Machine: {Machine()}; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}
        * Command: `dotnet run -c Release --project tests/FaceCloud.Benchmarks -- index --faces {string.Join(' ', settings.Faces)} --dimensions {string.Join(' ', settings.Dimensions)} --load-faces {settings.LoadFaces} --graph-faces {settings.GraphFaces} --rounds {settings.Rounds}`
        * {TimeProvider.System.GetUtcNow():yyyy-MM-dd}. Everything of a line in one run, on the same cores and vectors, the least of {settings.Rounds} rounds, of {(settings.Rounds + 2) / 3} for many probes.
          {Times()} The best {IndexSettings.MaxPersons} persons of each probe;
          with several faces a person every second probe is another photo of somebody enrolled, else all are strangers.
        * Bandwidth: **{Bandwidth / 1e9:F1} GB/s**, all cores adding up arrays of float32 that no cache holds, the best of all rounds, one before
          every search. Bytes are those that a scan must read: codes, scale and error bound of every face. What the last cache holds can be above 1.
        {string.Concat(_notes.Select(note => $"* {note}\n"))}
        | gallery | 1 probe, ms | GB/s | of the bandwidth | {IndexSettings.Probes} calls at once, ms | probes/s | memory / (float32 + int8) |
        |---|---|---|---|---|---|---|
        {Searches()}
        The others compare faces, not persons: with several faces a person they are asked for that many times more, and what they find is
        grouped afterwards (not timed). Recall is the share of our answers that they found. "times" above 1: we are faster.
        {Threads()}

        | gallery | other | 1 probe, ms | times | {IndexSettings.Probes} in one call, ms | times | recall |
        |---|---|---|---|---|---|---|
        {_others}
        | from SQLite to searchable | s | s of processor, all cores | faces/s |
        |---|---|---|---|
        {_loads}
        """;

    private StringBuilder Searches()
    {
        var table = new StringBuilder();
        foreach (var (set, own) in _own)
        {
            // What a scan has to read of a row: codes, scale and error.
            var bytes = (double)set.Faces * ((RowCodes.GroupBytes(set.Dimension) / RowCodes.GroupRows) + (2 * sizeof(float)));
            var rate = bytes / own.One.TotalSeconds;
            var vectors = (double)set.Faces * set.Dimension * (sizeof(float) + sizeof(sbyte));
            Row(table, Name(set), Milliseconds(own.One), $"{rate / 1e9:F1}", $"**{rate / Bandwidth:F2}**", Milliseconds(own.Together), $"{IndexSettings.Probes / own.Together.TotalSeconds:F0}", $"{own.Memory / vectors:F2}");
        }

        return table;
    }

    private static string Times() => Clock.CountsProcessorTime
        ? "One core, which others may have used too, so times are processor time."
        : "Times are what passed.";

    private static string Threads() => Clock.CountsProcessorTime
        ? "faiss and OpenBLAS ran with one thread each."
        : "faiss ran with all threads of OpenBLAS and with one, waiting threads asleep; the better of each counts. It takes one core for a single probe.";

    private static string Name(FaceSet set) =>
        string.Create(CultureInfo.InvariantCulture, $"{set.Faces:N0} × {set.Dimension}{(set.FacesPerPerson == 1 ? "" : $", {set.FacesPerPerson} a person")}");

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 1 ? "F3" : "F2", CultureInfo.InvariantCulture);

    private static void Row(StringBuilder table, params IEnumerable<string> cells) => table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Machine()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores";
    }
}
