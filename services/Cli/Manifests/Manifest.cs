using System.Runtime.CompilerServices;
using System.Text;

namespace FaceCloud.Cli.Manifests;

/// <summary>A file that lists photos and whose they are, read a line at a time.</summary>
internal sealed class Manifest
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _file;

    private Manifest(string file) => _file = file;

    /// <summary>Paths in it are relative to this.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(_file))!;

    public string Name => _file;

    /// <summary>By its ending: .csv, .tsv, .jsonl or .ndjson.</summary>
    public static bool IsManifest(string path) => FormatOf(path) is not null;

    /// <exception cref="InputException">No such file.</exception>
    public static Manifest Open(string path) => File.Exists(path)
        ? new Manifest(path)
        : throw new InputException(Reasons.FileNotFound, $"There is no file '{path}'.");

    /// <summary>Every line that holds a row, or should.</summary>
    /// <exception cref="InputException">The file cannot be read, or has no header that says what is in it.</exception>
    public async IAsyncEnumerable<ManifestEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = OpenRead();
        var format = FormatOf(_file)!;
        await foreach (var (number, bytes) in ManifestLines.ReadAsync(file, cancellationToken))
        {
            if (Read(format, number, bytes) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static ManifestEntry? Read(IManifestFormat format, long number, byte[]? bytes)
    {
        try
        {
            var line = bytes is null
                ? throw new ManifestException(Reasons.RowTooLong, $"The line has more than {ManifestLines.MostBytes} bytes.")
                : Strict.GetString(bytes);
            return format.Read(number, line) is { } row ? new ManifestEntry(row, null) : null;
        }
        catch (DecoderFallbackException)
        {
            return Rejected(number, Reasons.RowNotUtf8, "The line is not UTF-8; save the manifest as UTF-8.");
        }
        catch (ManifestException exception)
        {
            return Rejected(number, exception.Reason, exception.Message);
        }
    }

    private static ManifestEntry Rejected(long number, string reason, string message) => new(null, new RejectedRow(number, "", "", reason, message));

    private static IManifestFormat? FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" or ".TSV" => new CsvFormat(),
        ".JSONL" or ".NDJSON" => new JsonLinesFormat(),
        _ => null,
    };

    private FileStream OpenRead()
    {
        try
        {
            return new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Reasons.FileUnreadable, $"'{_file}' cannot be read: {exception.Message}");
        }
    }
}
