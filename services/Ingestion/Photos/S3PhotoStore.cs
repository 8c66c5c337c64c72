using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using FaceCloud.Contracts.Failures;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Photos;

/// <summary>Photos in a bucket of an S3-compatible object store, one object each. An object is there whole or not at all.</summary>
public sealed partial class S3PhotoStore(Lazy<IAmazonS3> s3, IOptions<S3Options> options) : IPhotoStore
{
    // No photo key has a dot, so no sweep and no item ever means it.
    private const string Probe = ".probe";

    public async Task SaveAsync(string key, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken)
    {
        if (!Key().IsMatch(key))
        {
            throw new ArgumentException("A photo key is 4 to 64 of a-z and 0-9.", nameof(key));
        }

        await PutAsync(key, photo, cancellationToken);
    }

    public async Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        if (!Key().IsMatch(key))
        {
            throw NotFound();
        }

        try
        {
            return await AskAsync(async () =>
            {
                using var response = await s3.Value.GetObjectAsync(options.Value.Bucket, NameOf(key), cancellationToken);
                using var photo = new MemoryStream((int)response.ContentLength);
                await response.ResponseStream.CopyToAsync(photo, cancellationToken);
                return photo.Length == response.ContentLength ? photo.ToArray() : throw new IOException("The object store ended a photo before its end.");
            });
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchKey")
        {
            throw NotFound();
        }
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        if (Key().IsMatch(key))
        {
            await AskAsync(() => s3.Value.DeleteObjectAsync(options.Value.Bucket, NameOf(key), cancellationToken));
        }
    }

    public async Task<int> SweepAsync(
        DateTimeOffset savedBefore,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlySet<string>>> stillNeeded,
        CancellationToken cancellationToken)
    {
        var deleted = 0;
        string? next = null;
        do
        {
            var page = await AskAsync(() => s3.Value.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = options.Value.Bucket, Prefix = options.Value.Prefix, ContinuationToken = next }, cancellationToken));
            var old = (page.S3Objects ?? [])
                .Where(found => found.LastModified is { } saved && saved.ToUniversalTime() < savedBefore.UtcDateTime)
                .Select(found => found.Key[options.Value.Prefix.Length..])
                .Where(key => Key().IsMatch(key))
                .ToArray();
            var needed = old.Length == 0 ? new HashSet<string>() : await stillNeeded(old, cancellationToken);
            foreach (var key in old.Where(key => !needed.Contains(key)))
            {
                await DeleteAsync(key, cancellationToken);
                deleted++;
            }

            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);

        return deleted;
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => PutAsync(Probe, new byte[1], cancellationToken);

    private static FailureException NotFound() => new(FailureReason.PhotoNotFound, "The photo is not in the photo store any more; send it again.");

    // Anything but "no such object" is the store's, and may heal: an operator sets a key or a bucket right, and what waited goes on.
    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (
            exception is AmazonClientException or HttpRequestException or IOException or TimeoutException
            || (exception is AmazonServiceException service && (service.StatusCode != HttpStatusCode.NotFound || service.ErrorCode != "NoSuchKey"))
            || (exception is OperationCanceledException && exception.InnerException is TimeoutException))
        {
            throw new FailureException(FailureReason.StoreUnavailable, "The photo store does not answer; try again later.", exception);
        }
    }

    [GeneratedRegex("^[a-z0-9]{4,64}\\z")]
    private static partial Regex Key();

    private string NameOf(string key) => options.Value.Prefix + key;

    private async Task PutAsync(string key, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken)
    {
        using var body = MemoryMarshal.TryGetArray(photo, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(photo.ToArray(), writable: false);
        await AskAsync(() => s3.Value.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = options.Value.Bucket,
                Key = NameOf(key),
                InputStream = body,
                AutoCloseStream = false,

                // Few other stores take a body in signed pieces.
                UseChunkEncoding = false,
            },
            cancellationToken));
    }
}
