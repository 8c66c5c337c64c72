using FaceCloud.Client.Transport;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.Client;

/// <content>Faces: verify, identify, enrol, detect.</content>
public sealed partial class FaceCloudClient
{
    /// <summary>1:1, "is this the claimed person?": the largest face of the probe against a person's faces. "No" is an ordinary answer.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, PERSON_NOT_FOUND, PERSON_HAS_NO_FACE, a PHOTO_… reason, UNREACHABLE, ….</exception>
    public Task<VerifyResponse> VerifyAsync(
        string galleryId, string personId, FaceInput probe, VerifyOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = Request(probe, options);
        request.GalleryId = galleryId;
        request.PersonId = personId;
        return VerifyAsync(request, cancellationToken);
    }

    /// <summary>1:1, "do these show the same person?". "No" is an ordinary answer.</summary>
    /// <param name="probe">The face in question.</param>
    /// <param name="reference">The face to compare with.</param>
    /// <param name="options">How sure to be.</param>
    /// <param name="galleryId">Gallery whose settings decide; null: the model's calibration.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaceCloudException">REFERENCE_UNUSABLE, a PHOTO_… or EMBEDDING_… reason, UNREACHABLE, ….</exception>
    public Task<VerifyResponse> VerifyAsync(
        FaceInput probe, FaceInput reference, VerifyOptions? options = null, string? galleryId = null, CancellationToken cancellationToken = default)
    {
        var request = Request(probe, options);
        request.GalleryId = galleryId ?? "";
        if (reference.PhotoBytes is not null)
        {
            request.Photo = Checked(reference.PhotoBytes);
        }
        else
        {
            request.Embedding = reference.EmbeddingValues;
        }

        return VerifyAsync(request, cancellationToken);
    }

    /// <summary>1:1 with everything that the protocol offers.</summary>
    public Task<VerifyResponse> VerifyAsync(VerifyRequest request, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(Gallery.VerifyAsync(request, Photo(cancellationToken)), cancellationToken);

    /// <summary>1:K, "who of the enrolled is this, or nobody?". "Nobody" is an ordinary answer.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, a PHOTO_… or EMBEDDING_… reason, UNREACHABLE, ….</exception>
    public Task<IdentifyResponse> IdentifyAsync(
        string galleryId, FaceInput probe, IdentifyOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = Request(galleryId, options);
        request.Probe = Checked(probe).ToProbe();
        return _gallery.AnswerAsync(Gallery.IdentifyAsync(request, Photo(cancellationToken)), cancellationToken);
    }

    /// <summary>Enrols one photo of a person; the person is created when there is none. A photo without a fit face is an ordinary answer.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, PERSON_DELETED, a PHOTO_… reason, UNREACHABLE, ….</exception>
    public Task<EnrollFaceResponse> EnrollAsync(
        string galleryId, string personId, ReadOnlyMemory<byte> photo, EnrollOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new EnrollFaceRequest
        {
            GalleryId = galleryId,
            PersonId = personId,
            Photo = Checked(UnsafeByteOperations.UnsafeWrap(photo)),
            Name = options?.Name ?? "",
        };
        if (options?.MaxFaces is { } faces)
        {
            request.MaxFaces = faces;
        }

        if (options?.MinQuality is { } quality)
        {
            request.MinQuality = quality;
        }

        return _gallery.AnswerAsync(Gallery.EnrollFaceAsync(request, Photo(cancellationToken)), cancellationToken);
    }

    /// <summary>All faces of a photo, largest first, with quality; nothing is stored.</summary>
    /// <param name="photo">The file's bytes.</param>
    /// <param name="maxFaces">Faces listed; null: the server's limit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaceCloudException">A PHOTO_… reason, UNREACHABLE, ….</exception>
    public Task<DetectResponse> DetectAsync(ReadOnlyMemory<byte> photo, int? maxFaces = null, CancellationToken cancellationToken = default)
    {
        var request = new DetectRequest { Photo = Checked(UnsafeByteOperations.UnsafeWrap(photo)), MaxFaces = maxFaces ?? 0 };
        return _gallery.AnswerAsync(Gallery.DetectAsync(request, Photo(cancellationToken)), cancellationToken);
    }

    /// <summary>Faces of a gallery, or of one person, by id.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, PERSON_NOT_FOUND, UNREACHABLE, ….</exception>
    public IAsyncEnumerable<Face> ListFacesAsync(string galleryId, string? personId = null, int pageSize = 100, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            token => _gallery.AnswerAsync(
                Gallery.ListFacesAsync(
                    new ListFacesRequest { GalleryId = galleryId, PersonId = personId ?? "", PageSize = pageSize, PageToken = token },
                    Plain(cancellationToken)),
                cancellationToken),
            page => page.Faces,
            page => page.NextPageToken,
            cancellationToken);

    /// <summary>Deletes one face; the person stays.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, FACE_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task DeleteFaceAsync(string galleryId, string faceId, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.DeleteFaceAsync(new DeleteFaceRequest { GalleryId = galleryId, FaceId = faceId }, Plain(cancellationToken)), cancellationToken);

    private CallOptions Plain(CancellationToken cancellationToken) => _gallery.Within(_options.Deadline, cancellationToken);

    private CallOptions Photo(CancellationToken cancellationToken) => _gallery.Within(_options.PhotoDeadline, cancellationToken);

    private VerifyRequest Request(FaceInput probe, VerifyOptions? options)
    {
        var request = new VerifyRequest { Probe = Checked(probe).ToProbe() };
        if (options?.Threshold is { } threshold)
        {
            request.Threshold = threshold;
        }

        if (options?.MaxFalseAcceptRate is { } rate)
        {
            request.MaxFalseAcceptRate = rate;
        }

        return request;
    }

    private static IdentifyRequest Request(string galleryId, IdentifyOptions? options)
    {
        options ??= new IdentifyOptions();
        var request = new IdentifyRequest
        {
            GalleryId = galleryId,
            Faces = options.AllFaces ? FaceSelection.All : FaceSelection.Largest,
            MaxCandidates = options.MaxCandidates ?? 0,
            IncludeBelowThreshold = options.IncludeBelowThreshold,
        };
        if (options.Threshold is { } threshold)
        {
            request.Threshold = threshold;
        }

        if (options.MaxFalsePositiveRate is { } rate)
        {
            request.MaxFalsePositiveRate = rate;
        }

        return request;
    }

    private FaceInput Checked(FaceInput input)
    {
        if (input.PhotoBytes is not null)
        {
            Checked(input.PhotoBytes);
        }

        return input;
    }

    private ByteString Checked(ByteString photo) =>
        photo.Length + MessageOverhead <= _options.MaxMessageBytes
            ? photo
            : throw new FaceCloudException(
                StatusCode.InvalidArgument,
                FailureReasons.PhotoTooLarge,
                $"The photo has {photo.Length} bytes, more than a message may have; send one of at most 20 MB.");
}
