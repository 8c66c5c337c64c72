using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FaceCloud.Cli.Manifests;

/// <summary>
/// Remembers what stood in a manifest before, some 40 bytes a row whatever their length: a million rows are 40 MB. Half of a SHA-256,
/// since two rows taken for one would lose a photo.
/// </summary>
internal sealed class SeenRows
{
    private readonly Dictionary<UInt128, long> _photos = [];
    private readonly Dictionary<UInt128, UInt128> _cards = [];

    /// <summary>The line that named this photo for this person before; null: none did.</summary>
    public long? LineOf(ManifestRow row)
    {
        var photo = Digest([row.PersonId, row.Kind.ToString(), row.Place]);
        return _photos.TryAdd(photo, row.Line) ? null : _photos[photo];
    }

    /// <summary>Whether the row says of the person what was said before, and so need not be sent again.</summary>
    public bool KnowsCard(ManifestRow row)
    {
        var person = Digest([row.PersonId]);
        var card = Digest([row.Name, row.ExternalId, .. row.Metadata.SelectMany(entry => new[] { entry.Key, entry.Value })]);
        var known = _cards.TryGetValue(person, out var before) && before == card;
        _cards[person] = card;
        return known;
    }

    // With their lengths, so that no two lists read the same.
    private static UInt128 Digest(IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part};");
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
