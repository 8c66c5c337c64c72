namespace FaceCloud.Cli;

/// <summary>Reasons of the command line's own, beside those of server and client.</summary>
internal static class Reasons
{
    public const string Usage = "USAGE";
    public const string FileNotFound = "FILE_NOT_FOUND";
    public const string FileUnreadable = "FILE_UNREADABLE";
    public const string FileExists = "FILE_EXISTS";
    public const string FileUnwritable = "FILE_UNWRITABLE";
    public const string FolderNotFound = "FOLDER_NOT_FOUND";
    public const string FolderEmpty = "FOLDER_EMPTY";
    public const string ManifestInvalid = "MANIFEST_INVALID";
    public const string RowInvalid = "ROW_INVALID";
    public const string RowTooLong = "ROW_TOO_LONG";
    public const string RowNotUtf8 = "ROW_NOT_UTF8";
    public const string RowDuplicate = "ROW_DUPLICATE";
    public const string Model = "MODEL";
    public const string LicenceNotAccepted = "LICENCE_NOT_ACCEPTED";
    public const string DownloadFailed = "DOWNLOAD_FAILED";
    public const string ChecksumMismatch = "CHECKSUM_MISMATCH";
    public const string DiskFull = "DISK_FULL";
    public const string CalibrationNotFound = "CALIBRATION_NOT_FOUND";
    public const string BrokerUnreachable = "BROKER_UNREACHABLE";
    public const string BrokerRefuses = "BROKER_REFUSES";
    public const string Cancelled = "CANCELLED";
    public const string Unexpected = "UNEXPECTED";
}
