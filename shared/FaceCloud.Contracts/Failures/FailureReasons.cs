using System.Collections.Frozen;
using System.Text;

namespace FaceCloud.Contracts.Failures;

/// <summary>Wire names of <see cref="FailureReason"/>: <c>GalleryNotFound</c> is <c>GALLERY_NOT_FOUND</c>.</summary>
public static class FailureReasons
{
    private static readonly FrozenDictionary<FailureReason, string> Names =
        Enum.GetValues<FailureReason>().ToFrozenDictionary(reason => reason, ToCapitals);

    public static string ToWire(this FailureReason reason) => Names[reason];

    private static string ToCapitals(FailureReason reason)
    {
        var name = new StringBuilder();
        foreach (var letter in reason.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
