using System.Runtime.CompilerServices;
using System.Text;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Grpc;
using FaceCloud.Ingestion.Store;
using Google.Protobuf;

namespace FaceCloud.Ingestion.Reports;

/// <summary>A job and all its items as a file, a page of items in memory at a time.</summary>
public sealed class JobReports(EnrolmentJobs jobs, TimeProvider time)
{
    private const int Page = 1000;

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default);

    public static string ContentType(ReportFormat format) => format == ReportFormat.Json ? "application/json" : "text/csv; charset=utf-8";

    /// <summary>UTF-8, in pieces that follow on each other.</summary>
    /// <exception cref="FailureException">JobNotFound.</exception>
    public async IAsyncEnumerable<byte[]> ReadAsync(
        string tenantId, string jobId, ReportFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var job = await jobs.GetAsync(tenantId, jobId, cancellationToken);
        var text = new StringBuilder(Head(job, format));
        Guid? after = null;
        while (true)
        {
            var items = await jobs.ListItemsAsync(tenantId, jobId, ItemFilter.All, after, Page, cancellationToken);
            foreach (var item in items)
            {
                Write(text, item, format, isFirst: after is null);
                after = item.ItemId;
            }

            if (items.Count < Page)
            {
                break;
            }

            yield return Encoding.UTF8.GetBytes(text.ToString());
            text.Clear();
        }

        text.Append(format == ReportFormat.Json ? "\n]}\n" : "");
        yield return Encoding.UTF8.GetBytes(text.ToString());
    }

    private string Head(EnrolmentJob job, ReportFormat format) => format == ReportFormat.Json
        ? $"{{\"job\": {Json.Format(job.ToProto(time.GetUtcNow()))},\n\"items\": ["
        : CsvReport.Header;

    private static void Write(StringBuilder text, EnrolmentItem item, ReportFormat format, bool isFirst)
    {
        if (format == ReportFormat.Json)
        {
            text.Append(isFirst ? "\n" : ",\n").Append(Json.Format(item.ToProto()));
        }
        else
        {
            CsvReport.Write(text, item);
        }
    }
}
