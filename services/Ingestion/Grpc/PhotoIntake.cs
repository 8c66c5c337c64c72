using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.References;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>Turns a request into a photo: its texts checked, its bytes here.</summary>
public sealed class PhotoIntake(ReferencedPhotos referenced)
{
    /// <exception cref="FailureException">InvalidId, InvalidArgument, ReferenceNotAllowed, ReferenceUnreadable, PhotoNotFound, PhotoTooLarge.</exception>
    public async Task<NewPhoto> ReadAsync(UploadPhotoRequest request, CancellationToken cancellationToken)
    {
        var photo = request.ToNewPhoto();
        if (request.Reference is null)
        {
            return photo;
        }

        return photo.Bytes.IsEmpty
            ? photo with { Bytes = await referenced.ReadAsync(request.Reference, cancellationToken) }
            : throw new FailureException(FailureReason.InvalidArgument, "Give photo or reference, not both.");
    }
}
