namespace FaceCloud.Ingestion.Reports;

/// <summary>The same words as the proto enum ReportFormat.</summary>
public enum ReportFormat
{
    Csv = 1,
    Json = 2,
}
