using FaceCloud.Cli.Output;

namespace FaceCloud.Cli.Manifests;

/// <summary>Rows that became no items: all are counted and written to the file, if there is one; the first stay in memory.</summary>
internal sealed class RejectedRows(TextWriter? file)
{
    public const string Header = "line,place,person_id,reason,message";

    /// <summary>Beyond this a document is of no use to a reader; the file has them all.</summary>
    public const int MostKept = 10_000;

    private readonly List<RejectedRow> _first = [];
    private readonly Dictionary<string, long> _reasons = new(StringComparer.Ordinal);

    public long Count { get; private set; }

    public IReadOnlyList<RejectedRow> First => _first;

    public IReadOnlyDictionary<string, long> Reasons => _reasons;

    public void Add(RejectedRow row)
    {
        Count++;
        _reasons[row.Reason] = _reasons.GetValueOrDefault(row.Reason) + 1;
        file?.WriteLine(Csv.Line($"{row.Line}", row.Place, row.PersonId, row.Reason, row.Message));
        if (_first.Count < MostKept)
        {
            _first.Add(row);
        }
    }
}
