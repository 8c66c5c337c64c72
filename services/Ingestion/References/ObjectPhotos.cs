using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using FaceCloud.Contracts.Failures;
using FaceCloud.Vision;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.References;

/// <summary>Photos in one bucket of an object store.</summary>
public sealed class ObjectPhotos(Lazy<IAmazonS3> s3, IOptions<ReferenceOptions> options, IOptions<VisionOptions> vision)
{
    private const int LongestKey = 1024;

    /// <exception cref="FailureException">ReferenceNotAllowed, ReferenceUnreadable, PhotoNotFound, PhotoTooLarge.</exception>
    public async Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var bucket = options.Value.Bucket;
        if (bucket.Length == 0)
        {
            throw ReferenceFailures.Off("object key", "Ingestion:References:Bucket");
        }

        if (key.Length is 0 or > LongestKey || key.Contains('\0', StringComparison.Ordinal) || !key.StartsWith(options.Value.ObjectPrefix, StringComparison.Ordinal))
        {
            throw ReferenceFailures.NotAllowed("The object key is none that this server reads.");
        }

        try
        {
            using var response = await s3.Value.GetObjectAsync(bucket, key, cancellationToken);
            return await LimitedBody.ReadAsync(response.ResponseStream, response.ContentLength, vision.Value.MaxPhotoBytes, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            throw ReferenceFailures.NotFound("There is no such object in the bucket that this server reads from.");
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw ReferenceFailures.Unreadable("The object cannot be read by this server.", exception);
        }
    }
}
