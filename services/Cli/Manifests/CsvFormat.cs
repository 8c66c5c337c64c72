using System.Text;

namespace FaceCloud.Cli.Manifests;

/// <summary>
/// CSV with a header: person_id, one or more of path, server_path, object_key, url, and perhaps name and external_id; any other column
/// is metadata of the person. Separated by comma, semicolon or tab, whichever the header has; quotes as in RFC 4180, but a value has no
/// line break, so that an open quote spoils its own line only.
/// </summary>
internal sealed class CsvFormat : IManifestFormat
{
    private static readonly char[] Separators = [',', ';', '\t'];

    private char _separator = ',';
    private string[]? _columns;

    public ManifestRow? Read(long number, string line)
    {
        if (line.AsSpan().IsWhiteSpace())
        {
            return null;
        }

        if (_columns is null)
        {
            ReadHeader(line);
            return null;
        }

        var cells = Split(line);
        if (cells.Count != _columns.Length)
        {
            throw new ManifestException(Reasons.RowInvalid, $"The line has {cells.Count} values, the header {_columns.Length} columns.");
        }

        var row = new RowBuilder(number);
        foreach (var (column, cell) in _columns.Zip(cells))
        {
            row.Set(column, cell);
        }

        return row.Build();
    }

    private void ReadHeader(string line)
    {
        _separator = Separators.MaxBy(candidate => line.Count(letter => letter == candidate));
        string[] columns;
        try
        {
            columns = [.. Split(line).Select(column => column.Trim())];
        }
        catch (ManifestException exception)
        {
            throw new InputException(Reasons.ManifestInvalid, $"The header of the manifest cannot be read: {exception.Message}");
        }

        if (!columns.Any(RowBuilder.IsPersonId) || !columns.Any(RowBuilder.IsPlace))
        {
            throw new InputException(
                Reasons.ManifestInvalid,
                "The manifest's first line must name its columns: person_id and one of path, server_path, object_key or url; name, external_id and others may follow.");
        }

        if (columns.GroupBy(RowBuilder.Plain, StringComparer.Ordinal).FirstOrDefault(group => group.Key.Length == 0 || group.Count() > 1) is { } wrong)
        {
            throw new InputException(Reasons.ManifestInvalid, wrong.Key.Length == 0 ? "A column of the manifest has no name." : $"The manifest names the column '{wrong.First()}' twice.");
        }

        _columns = columns;
    }

    private List<string> Split(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                at = Quoted(line, at + 1, cell);
            }
            else
            {
                var end = line.IndexOf(_separator, at);
                end = end < 0 ? line.Length : end;
                cell.Append(line, at, end - at);
                at = end;
            }

            cells.Add(cell.ToString());
            cell.Clear();
            if (at == line.Length)
            {
                return cells;
            }

            at++;
        }
    }

    // From after the opening quote to the separator or the end of the line.
    private int Quoted(string line, int at, StringBuilder cell)
    {
        while (true)
        {
            var quote = line.IndexOf('"', at);
            if (quote < 0)
            {
                throw new ManifestException(Reasons.RowInvalid, "A quote is opened and not closed in the same line.");
            }

            cell.Append(line, at, quote - at);
            at = quote + 1;
            if (at < line.Length && line[at] == '"')
            {
                cell.Append('"');
                at++;
                continue;
            }

            return at == line.Length || line[at] == _separator
                ? at
                : throw new ManifestException(Reasons.RowInvalid, "Something follows a closing quote; write quotes within a value twice.");
        }
    }
}
