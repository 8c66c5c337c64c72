using System.Buffers;

namespace FaceCloud.Cli.Output;

/// <summary>Lines of CSV files (RFC 4180), safe to open in a spreadsheet.</summary>
internal static class Csv
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\",\r\n");

    // A spreadsheet runs what begins like this, and names come from whoever made the manifest.
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create("=+-@\t\r");

    public static string Line(params IEnumerable<string> cells) => string.Join(',', cells.Select(Cell));

    private static string Cell(string value)
    {
        var marked = value.Length > 0 && BeginsFormula.Contains(value[0]) ? $"'{value}" : value;
        return marked.AsSpan().ContainsAny(Special) ? $"\"{marked.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : marked;
    }
}
