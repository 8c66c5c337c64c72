using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>
/// Opaque page tokens: where the last page ended, with a checksum over that and the query it belongs to,
/// so that a mangled token, or one of another query, is refused and not misread.
/// </summary>
internal static class PageTokens
{
    private const int ChecksumBytes = 8;

    public static string Make<TEnd>(string query, TEnd end)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(end);
        return Base64Url.EncodeToString([.. Checksum(query, payload), .. payload]);
    }

    /// <exception cref="FailureException">InvalidPageToken.</exception>
    public static TEnd Read<TEnd>(string query, string token)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(token);
            var payload = bytes.AsSpan(Math.Min(ChecksumBytes, bytes.Length));
            if (bytes.AsSpan(0, bytes.Length - payload.Length).SequenceEqual(Checksum(query, payload)))
            {
                return JsonSerializer.Deserialize<TEnd>(payload)!;
            }
        }
        catch (FormatException)
        {
            // Not base64: the same answer as for a wrong checksum.
        }

        throw new FailureException(
            FailureReason.InvalidPageToken, "page_token is not one of this list; pass next_page_token of the page before, with the same filters.");
    }

    private static byte[] Checksum(string query, ReadOnlySpan<byte> payload) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(query), 0, .. payload])[..ChecksumBytes];
}
