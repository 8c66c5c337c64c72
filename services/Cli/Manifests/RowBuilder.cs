using System.Collections.Immutable;

namespace FaceCloud.Cli.Manifests;

/// <summary>Collects a row from names and values; shared with the other format so that names mean the same.</summary>
internal sealed class RowBuilder(long number)
{
    private readonly ImmutableSortedDictionary<string, string>.Builder _metadata =
        ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);

    private string _personId = "";
    private string _name = "";
    private string _externalId = "";
    private (ManifestPlace Kind, string Place)? _place;

    /// <summary>person_id and personId are one name.</summary>
    public static string Plain(string column) => column.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    public static bool IsPersonId(string column) => Plain(column) is "PERSONID";

    public static bool IsPlace(string column) => Plain(column) is "PATH" or "SERVERPATH" or "OBJECTKEY" or "URL";

    public static bool IsColumn(string column) => IsPersonId(column) || IsPlace(column) || Plain(column) is "NAME" or "EXTERNALID";

    public void Set(string column, string value)
    {
        switch (Plain(column))
        {
            case "PERSONID":
                _personId = value;
                break;
            case "NAME":
                _name = value;
                break;
            case "EXTERNALID":
                _externalId = value;
                break;
            case "PATH":
                SetPlace(ManifestPlace.Path, value);
                break;
            case "SERVERPATH":
                SetPlace(ManifestPlace.ServerPath, value);
                break;
            case "OBJECTKEY":
                SetPlace(ManifestPlace.ObjectKey, value);
                break;
            case "URL":
                SetPlace(ManifestPlace.Url, value);
                break;
            default:
                SetMetadata(column, value);
                break;
        }
    }

    public void SetMetadata(string key, string value)
    {
        if (value.Length > 0)
        {
            _metadata[key] = value;
        }
    }

    public ManifestRow Build() => _place is not var (kind, place)
        ? throw new ManifestException(Reasons.RowInvalid, "The row names no photo: path, server_path, object_key and url are empty.")
        : new ManifestRow
        {
            Line = number,
            PersonId = _personId,
            Kind = kind,
            Place = place,
            Name = _name,
            ExternalId = _externalId,
            Metadata = _metadata.ToImmutable(),
        };

    private void SetPlace(ManifestPlace kind, string place)
    {
        if (place.Length == 0)
        {
            return;
        }

        _place = _place is null
            ? (kind, place)
            : throw new ManifestException(Reasons.RowInvalid, "The row names more than one photo; give one of path, server_path, object_key and url.");
    }
}
