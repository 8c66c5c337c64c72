using FaceCloud.Client;
using Grpc.Core;

namespace FaceCloud.Cli.Enrolment;

/// <summary>The gallery that an enrolment goes into.</summary>
internal static class EnrolmentGallery
{
    /// <summary>True when it had to be made.</summary>
    public static async Task<bool> EnsureAsync(FaceCloudClient client, string galleryId, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetGalleryAsync(galleryId, cancellationToken);
            return false;
        }
        catch (FaceCloudException exception) when (exception.Status == StatusCode.NotFound)
        {
        }

        try
        {
            await client.CreateGalleryAsync(galleryId, cancellationToken: cancellationToken);
            return true;
        }
        catch (FaceCloudException exception) when (exception.Status == StatusCode.AlreadyExists)
        {
            // Somebody was quicker; it is there, which is all that is needed.
            return false;
        }
    }
}
