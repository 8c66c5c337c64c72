using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.ServiceDefaults.Grpc;

/// <summary>
/// Opaque page tokens: where the last page ended, with a checksum over that and the list it belongs to,
/// so that a mangled token, or one of another list, is refused and not misread.
/// </summary>
public static class PageTokens
{
    private const int ChecksumBytes = 8;

    /// <param name="end">Where the page ended.</param>
    /// <param name="list">Which list: kind, then what it is filtered by.</param>
    public static string Make<TEnd>(TEnd end, params ReadOnlySpan<string> list)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(end);
        return Base64Url.EncodeToString([.. Checksum(payload, list), .. payload]);
    }

    /// <returns>Where the page before ended; null for the first page.</returns>
    /// <exception cref="FailureException">InvalidPageToken.</exception>
    public static TEnd? Read<TEnd>(string token, params ReadOnlySpan<string> list)
    {
        if (token.Length == 0)
        {
            return default;
        }

        var bytes = Base64Url.IsValid(token) ? Base64Url.DecodeFromChars(token) : [];
        if (bytes.Length > ChecksumBytes && bytes.AsSpan(0, ChecksumBytes).SequenceEqual(Checksum(bytes.AsSpan(ChecksumBytes), list)))
        {
            return JsonSerializer.Deserialize<TEnd>(bytes.AsSpan(ChecksumBytes));
        }

        throw new FailureException(
            FailureReason.InvalidPageToken,
            "page_token is not one of this list; pass next_page_token of the page before, with the same filters, or leave it empty.");
    }

    private static byte[] Checksum(ReadOnlySpan<byte> payload, ReadOnlySpan<string> list)
    {
        var named = new MemoryStream();
        foreach (var part in list)
        {
            named.Write(Encoding.UTF8.GetBytes(part));
            named.WriteByte(0);
        }

        named.Write(payload);
        return SHA256.HashData(named.ToArray())[..ChecksumBytes];
    }
}
