using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Consumers;

internal static class FaceEncodedMapping
{
    /// <exception cref="FailureException">InvalidId, InvalidArgument, EmbeddingWrongLength, EmbeddingNotFinite: anyone may publish, so a message is checked like a request.</exception>
    public static NewFace ToNewFace(FaceEncoded message)
    {
        var target = message.Target;
        if (target.TenantId is not { Length: > 0 and <= 64 } || target.GalleryId is null || target.PersonId is null || target.PersonName is null
            || target.PhotoSha256 is null || target.JobId is null || message.Embedding is null || message.EmbeddingContract is null || message.Quality is null)
        {
            throw new FailureException(FailureReason.InvalidArgument, "The message lacks a field that FaceEncoded must have.");
        }

        Ids.CheckGallery(target.GalleryId);
        Ids.CheckPerson(target.PersonId);
        Ids.CheckText("person name", target.PersonName, 256);
        if (target.PhotoSha256.Length != 64 || target.PhotoSha256.Any(letter => !char.IsAsciiHexDigitLower(letter)))
        {
            throw new FailureException(FailureReason.InvalidArgument, "The photo's SHA-256 must be 64 lower-case hex digits.");
        }

        if (!AreFinite(message.Box.X, message.Box.Y, message.Box.Width, message.Box.Height)
            || !AreFinite(message.Quality.Score, message.Quality.Sharpness, message.Quality.Brightness)
            || !AreFinite(message.Quality.Yaw, message.Quality.Pitch, message.Quality.Roll))
        {
            throw new FailureException(FailureReason.InvalidArgument, "Box and quality of a face must be finite numbers.");
        }

        if (message.EmbeddingContract.Length is 0 or > 256)
        {
            throw new FailureException(FailureReason.InvalidArgument, "The embedding contract must have 1 to 256 characters.");
        }

        if (message.Embedding.Length == 0 || message.Embedding.Length % sizeof(float) != 0)
        {
            throw new FailureException(FailureReason.EmbeddingWrongLength, "The embedding must be whole float32 values.");
        }

        return new NewFace
        {
            PersonId = target.PersonId,
            PersonName = target.PersonName,
            PhotoSha256 = target.PhotoSha256,
            FaceOrdinal = target.FaceOrdinal,
            ItemId = target.ItemId,
            JobId = target.JobId,
            OnDuplicate = Enum.IsDefined(target.OnDuplicate)
                ? target.OnDuplicate
                : throw new FailureException(FailureReason.InvalidArgument, $"OnDuplicate {target.OnDuplicate} is not one that this server knows."),
            Embedding = Embeddings.Normalized(EmbeddingBytes.ToFloats(message.Embedding))
                ?? throw new FailureException(FailureReason.EmbeddingNotFinite, "The embedding is zero or has NaN or infinity in it."),
            EmbeddingContract = message.EmbeddingContract,
            Box = message.Box,
            Quality = message.Quality,
            Acceptance = Acceptance.At(target.AcceptedAt),
        };
    }

    private static bool AreFinite(params ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
