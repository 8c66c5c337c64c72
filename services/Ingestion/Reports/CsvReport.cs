using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Reports;

/// <summary>Items as lines of a CSV file (RFC 4180), safe to open in a spreadsheet.</summary>
internal static class CsvReport
{
    public const string Header = "item_id,person_id,source,state,outcome,reasons,message,face_id,attempt,created_at,finished_at\r\n";

    private static readonly SearchValues<char> Special = SearchValues.Create("\",\r\n");

    // Names come from whoever made the manifest, and a spreadsheet runs what begins like this.
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create("=+-@\t\r");

    public static void Write(StringBuilder text, EnrolmentItem item)
    {
        text.Append(item.ItemId).Append(',');
        Cell(text, item.PersonId).Append(',');
        Cell(text, item.Source).Append(',');
        text.Append(item.Outcome is null ? "ACCEPTED" : "FINISHED").Append(',');
        text.Append(item.Outcome is { } outcome ? JsonNamingPolicy.SnakeCaseUpper.ConvertName(outcome.ToString()) : "").Append(',');
        Cell(text, string.Join(' ', item.ReasonWords())).Append(',');
        Cell(text, item.Message ?? "").Append(',');
        text.Append(item.FaceId).Append(',');
        text.Append(item.Attempt).Append(',');
        text.Append(Time(item.CreatedAt)).Append(',');
        text.Append(item.FinishedAt is { } finished ? Time(finished) : "").Append("\r\n");
    }

    private static StringBuilder Cell(StringBuilder text, string value)
    {
        var marked = value.Length > 0 && BeginsFormula.Contains(value[0]) ? $"'{value}" : value;
        return marked.AsSpan().ContainsAny(Special)
            ? text.Append('"').Append(marked.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"')
            : text.Append(marked);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
