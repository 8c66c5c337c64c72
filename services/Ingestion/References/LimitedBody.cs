using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.References;

/// <summary>Reads a stream of somebody else's: no more than the limit, whatever it says of its length.</summary>
internal static class LimitedBody
{
    private const int Piece = 64 * 1024;

    /// <exception cref="FailureException">PhotoTooLarge.</exception>
    public static async Task<byte[]> ReadAsync(Stream body, long? length, long most, CancellationToken cancellationToken)
    {
        if (length > most)
        {
            throw ReferenceFailures.TooLarge(most);
        }

        using var read = new MemoryStream(capacity: (int)Math.Clamp(length ?? Piece, 0, most));
        var piece = new byte[Piece];
        int count;
        while ((count = await body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (read.Length + count > most)
            {
                throw ReferenceFailures.TooLarge(most);
            }

            read.Write(piece, 0, count);
        }

        return read.ToArray();
    }
}
