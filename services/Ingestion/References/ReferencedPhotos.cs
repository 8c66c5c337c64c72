using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Ingestion.References;

/// <summary>Photos that a caller names in place of sending them.</summary>
public sealed class ReferencedPhotos(ImportFolder folder, ObjectPhotos objects, UrlPhotos urls)
{
    /// <exception cref="FailureException">InvalidArgument, ReferenceNotAllowed, ReferenceUnreadable, PhotoNotFound, PhotoTooLarge, StoreUnavailable.</exception>
    public Task<byte[]> ReadAsync(PhotoReference reference, CancellationToken cancellationToken) => reference.PlaceCase switch
    {
        PhotoReference.PlaceOneofCase.Path => folder.ReadAsync(reference.Path, cancellationToken),
        PhotoReference.PlaceOneofCase.ObjectKey => objects.ReadAsync(reference.ObjectKey, cancellationToken),
        PhotoReference.PlaceOneofCase.Url => urls.ReadAsync(reference.Url, cancellationToken),
        _ => throw new FailureException(FailureReason.InvalidArgument, "The reference names no photo: give path, object_key or url."),
    };
}
