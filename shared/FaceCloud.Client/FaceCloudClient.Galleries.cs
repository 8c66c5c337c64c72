using FaceCloud.Client.Transport;
using FaceCloud.Protos.Gallery.V1;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Client;

/// <content>Galleries and persons.</content>
public sealed partial class FaceCloudClient
{
    private static readonly TimeSpan CalibrationDeadline = TimeSpan.FromMinutes(10);

    /// <summary>Makes a gallery.</summary>
    /// <exception cref="FaceCloudException">GALLERY_EXISTS, INVALID_ID, UNREACHABLE, ….</exception>
    public Task<V1.Gallery> CreateGalleryAsync(
        string galleryId, string? name = null, GallerySettings? settings = null, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.CreateGalleryAsync(
                new CreateGalleryRequest { GalleryId = galleryId, Name = name ?? "", Settings = settings }, Plain(cancellationToken)),
            cancellationToken);

    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task<V1.Gallery> GetGalleryAsync(string galleryId, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.GetGalleryAsync(new GetGalleryRequest { GalleryId = galleryId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>All galleries, by id.</summary>
    /// <exception cref="FaceCloudException">UNREACHABLE, ….</exception>
    public IAsyncEnumerable<V1.Gallery> ListGalleriesAsync(int pageSize = 100, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            token => _gallery.AnswerAsync(
                Gallery.ListGalleriesAsync(new ListGalleriesRequest { PageSize = pageSize, PageToken = token }, Plain(cancellationToken)),
                cancellationToken),
            page => page.Galleries,
            page => page.NextPageToken,
            cancellationToken);

    /// <summary>Changes name or settings; what is null stays. Settings replace all settings.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, INVALID_ARGUMENT, UNREACHABLE, ….</exception>
    public Task<V1.Gallery> UpdateGalleryAsync(
        string galleryId, string? name = null, GallerySettings? settings = null, CancellationToken cancellationToken = default)
    {
        var request = new UpdateGalleryRequest { GalleryId = galleryId, Settings = settings };
        if (name is not null)
        {
            request.Name = name;
        }

        return _gallery.AnswerAsync(Gallery.UpdateGalleryAsync(request, Plain(cancellationToken)), cancellationToken);
    }

    /// <summary>Deletes the gallery with all persons, faces and embeddings.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task DeleteGalleryAsync(string galleryId, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = galleryId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>Creates a person, or replaces name, external id and metadata. An empty <c>PersonId</c> gets a new one.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, INVALID_ID, UNREACHABLE, ….</exception>
    public Task<Person> UpsertPersonAsync(UpsertPersonRequest person, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(Gallery.UpsertPersonAsync(person, Plain(cancellationToken)), cancellationToken);

    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, PERSON_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task<Person> GetPersonAsync(string galleryId, string personId, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.GetPersonAsync(new GetPersonRequest { GalleryId = galleryId, PersonId = personId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>All persons of a gallery, by id.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, UNREACHABLE, ….</exception>
    public IAsyncEnumerable<Person> ListPersonsAsync(string galleryId, int pageSize = 100, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            token => _gallery.AnswerAsync(
                Gallery.ListPersonsAsync(
                    new ListPersonsRequest { GalleryId = galleryId, PageSize = pageSize, PageToken = token }, Plain(cancellationToken)),
                cancellationToken),
            page => page.Persons,
            page => page.NextPageToken,
            cancellationToken);

    /// <summary>Deletes the person with all faces and embeddings.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, PERSON_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task DeletePersonAsync(string galleryId, string personId, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.DeletePersonAsync(new DeletePersonRequest { GalleryId = galleryId, PersonId = personId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>Compares the gallery's faces with each other and fits thresholds to them; takes seconds to minutes, and is given ten minutes.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, CALIBRATION_IMPOSSIBLE (too few persons or faces), CONTRACT_MISMATCH, UNREACHABLE, ….</exception>
    public Task<CalibrateGalleryResponse> CalibrateGalleryAsync(
        string galleryId, CalibrateOptions? options = null, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.CalibrateGalleryAsync(
                new CalibrateGalleryRequest
                {
                    GalleryId = galleryId,
                    FalseAcceptRates = { options?.FalseAcceptRates ?? [] },
                    KeepInactive = options?.KeepInactive ?? false,
                    DryRun = options?.DryRun ?? false,
                },
                _gallery.Within(CalibrationDeadline, cancellationToken)),
            cancellationToken);

    /// <summary>All calibrations of a gallery, newest first, and which decides.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task<ListCalibrationsResponse> ListCalibrationsAsync(string galleryId, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(
            Gallery.ListCalibrationsAsync(new ListCalibrationsRequest { GalleryId = galleryId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>Makes another calibration decide.</summary>
    /// <param name="galleryId">The gallery.</param>
    /// <param name="version">Null: the one before; 0: none, the model's decides again.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, CALIBRATION_NOT_FOUND, CALIBRATION_INVALID, UNREACHABLE, ….</exception>
    public Task<ListCalibrationsResponse> RollbackCalibrationAsync(string galleryId, int? version = null, CancellationToken cancellationToken = default)
    {
        var request = new RollbackCalibrationRequest { GalleryId = galleryId };
        if (version is { } chosen)
        {
            request.Version = chosen;
        }

        return _gallery.AnswerAsync(Gallery.RollbackCalibrationAsync(request, Plain(cancellationToken)), cancellationToken);
    }
}
