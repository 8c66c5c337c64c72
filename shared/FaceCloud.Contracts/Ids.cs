using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Contracts;

/// <summary>What ids and names may look like, for calls and messages alike.</summary>
public static partial class Ids
{
    /// <exception cref="FailureException">InvalidId.</exception>
    public static void CheckGallery(string galleryId)
    {
        if (!GalleryPattern().IsMatch(galleryId))
        {
            throw new FailureException(FailureReason.InvalidId, "gallery_id must be 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit.");
        }
    }

    public static bool IsJob(string jobId) => JobPattern().IsMatch(jobId);

    /// <exception cref="FailureException">InvalidId.</exception>
    public static void CheckJob(string jobId)
    {
        if (!IsJob(jobId))
        {
            throw new FailureException(FailureReason.InvalidId, "job_id must be 1 to 64 of a-z 0-9 . _ - .");
        }
    }

    /// <exception cref="FailureException">InvalidId.</exception>
    public static void CheckPerson(string personId)
    {
        if (personId.Length is 0 or > 128 || !IsPrintable(personId, allowFormat: false))
        {
            throw new FailureException(FailureReason.InvalidId, "person_id must be 1 to 128 printable characters.");
        }
    }

    /// <exception cref="FailureException">InvalidArgument.</exception>
    public static void CheckText(string field, string text, int maxLength)
    {
        if (text.Length > maxLength || !IsPrintable(text, allowFormat: true))
        {
            throw new FailureException(FailureReason.InvalidArgument, $"{field} must be at most {maxLength} printable characters.");
        }
    }

    // Format characters (zero-width joiners, direction marks) belong in names of some scripts; in ids they would make
    // two of them look the same.
    private static bool IsPrintable(string text, bool allowFormat)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var printable = Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
                UnicodeCategory.Format => allowFormat,
                UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => false,
                _ => rune != Rune.ReplacementChar,
            };
            if (!printable)
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex GalleryPattern();

    [GeneratedRegex(@"\A[a-z0-9._-]{1,64}\z")]
    private static partial Regex JobPattern();
}
