using System.Buffers.Text;
using System.Security.Cryptography;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Gallery.Grpc;

/// <summary>
/// Opaque page tokens: the last id of the page, with a checksum over it and the list it belongs to,
/// so that a mangled token, or one of another list, is refused and not misread.
/// </summary>
internal static class PageTokens
{
    private const int ChecksumBytes = 8;

    /// <param name="last">Of the page.</param>
    /// <param name="list">Which list: kind, then what it is filtered by.</param>
    public static string Make(string last, params ReadOnlySpan<string> list)
    {
        var payload = System.Text.Encoding.UTF8.GetBytes(last);
        return Base64Url.EncodeToString([.. Checksum(payload, list), .. payload]);
    }

    /// <returns>The last id of the page before; empty for the first page.</returns>
    /// <exception cref="FailureException">InvalidPageToken.</exception>
    public static string Read(string token, params ReadOnlySpan<string> list)
    {
        if (token.Length == 0)
        {
            return "";
        }

        var bytes = Base64Url.IsValid(token) ? Base64Url.DecodeFromChars(token) : [];
        if (bytes.Length > ChecksumBytes && bytes.AsSpan(0, ChecksumBytes).SequenceEqual(Checksum(bytes.AsSpan(ChecksumBytes), list)))
        {
            return System.Text.Encoding.UTF8.GetString(bytes.AsSpan(ChecksumBytes));
        }

        throw new FailureException(
            FailureReason.InvalidPageToken, "page_token is not one of this list; pass next_page_token of the page before, or leave it empty.");
    }

    private static byte[] Checksum(ReadOnlySpan<byte> payload, ReadOnlySpan<string> list)
    {
        var named = new MemoryStream();
        foreach (var part in list)
        {
            named.Write(System.Text.Encoding.UTF8.GetBytes(part));
            named.WriteByte(0);
        }

        named.Write(payload);
        return SHA256.HashData(named.ToArray())[..ChecksumBytes];
    }
}
