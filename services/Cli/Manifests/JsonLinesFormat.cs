using System.Text.Json;

namespace FaceCloud.Cli.Manifests;

/// <summary>One JSON object a line, with the names of the CSV columns; metadata is an object of texts.</summary>
internal sealed class JsonLinesFormat : IManifestFormat
{
    public ManifestRow? Read(long number, string line)
    {
        if (line.AsSpan().IsWhiteSpace())
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ManifestException(Reasons.RowInvalid, "The line is no JSON object.");
            }

            return Row(number, document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new ManifestException(Reasons.RowInvalid, $"The line is no JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new ManifestException(Reasons.RowInvalid, "A text of the line has an escape that stands for no character.");
        }
    }

    private static ManifestRow Row(long number, JsonElement json)
    {
        var row = new RowBuilder(number);
        foreach (var property in json.EnumerateObject())
        {
            if (RowBuilder.Plain(property.Name) == "METADATA")
            {
                ReadMetadata(row, property.Value);
            }
            else if (RowBuilder.IsColumn(property.Name))
            {
                row.Set(property.Name, Text(property));
            }
            else
            {
                // A misspelt name must not become metadata in silence.
                throw new ManifestException(Reasons.RowInvalid, $"The line has '{property.Name}', which means nothing here; details of the person go into metadata.");
            }
        }

        return row.Build();
    }

    private static void ReadMetadata(RowBuilder row, JsonElement metadata)
    {
        if (metadata.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (metadata.ValueKind != JsonValueKind.Object)
        {
            throw new ManifestException(Reasons.RowInvalid, "metadata must be an object of texts.");
        }

        foreach (var entry in metadata.EnumerateObject())
        {
            row.SetMetadata(entry.Name, Text(entry));
        }
    }

    private static string Text(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.Null => "",

        // An id that is a number in another system is written so by its export.
        JsonValueKind.Number => property.Value.GetRawText(),
        _ => throw new ManifestException(Reasons.RowInvalid, $"'{property.Name}' must be a text."),
    };
}
