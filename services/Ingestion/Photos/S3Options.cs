using System.ComponentModel.DataAnnotations;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace FaceCloud.Ingestion.Photos;

/// <summary>An S3-compatible object store: for photos that wait (Ingestion:PhotoStore), and for those uploaded by object key.</summary>
public sealed class S3Options
{
    public const string SectionName = "Ingestion:S3";

    /// <summary>Address of the object store, such as https://minio.local:9000; empty: Amazon's, by region.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Signed into every request; default us-east-1, which most other stores expect.</summary>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Key id; empty: what the environment gives (AWS_ACCESS_KEY_ID, a role of the machine or pod).</summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>Bucket for photos that wait; it must exist. No versioning and no replication: what is deleted must be gone.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What the keys of waiting photos begin with; default photos/. Objects of other names in the bucket are left alone.</summary>
    public string Prefix { get; set; } = "photos/";

    /// <summary>Bucket in the path of the address rather than in its host name, as most stores other than Amazon's want it; default true.</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>How long a request may take; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries of a request that failed and may heal, after the first; default 3.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 3;

    /// <summary>A client of the store; it connects when it is used.</summary>
    public IAmazonS3 Connect()
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = PathStyle,
            Timeout = Timeout,
            MaxErrorRetry = Retries,

            // Newer checksums are Amazon's alone; the signature covers the body all the same.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (Endpoint.Length > 0)
        {
            (config.ServiceURL, config.AuthenticationRegion) = (Endpoint, Region);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }

        return AccessKey.Length > 0 ? new AmazonS3Client(new BasicAWSCredentials(AccessKey, SecretKey), config) : new AmazonS3Client(config);
    }
}
