using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Client;

/// <content>Who is like whom.</content>
public sealed partial class FaceCloudClient
{
    /// <summary>Puts the faces of photos and embeddings into groups of one person each; nobody needs to be enrolled, nothing is stored.</summary>
    /// <param name="items">With ids of your own, such as file names. All photos together must fit into one message (64 MiB).</param>
    /// <param name="options">How alike, and which faces.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaceCloudException">INVALID_ARGUMENT (too many faces), MODEL_NOT_CALIBRATED, a PHOTO_… or EMBEDDING_… reason, UNREACHABLE, ….</exception>
    public Task<GroupResponse> GroupAsync(IEnumerable<(string Id, FaceInput Face)> items, GroupOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GroupOptions();
        var request = new GroupRequest
        {
            GalleryId = options.GalleryId ?? "",
            Items = { items.Select(item => new GroupItem { ItemId = item.Id, Probe = Checked(item.Face).ToProbe() }) },
            EnrolledFaces = options.EnrolledFaces,
            Faces = options.AllFaces ? FaceSelection.All : FaceSelection.Largest,
        };
        if (options.Threshold is { } threshold)
        {
            request.Threshold = threshold;
        }

        if (options.MaxFalseAcceptRate is { } rate)
        {
            request.MaxFalseAcceptRate = rate;
        }

        return _gallery.AnswerAsync(Grouping.GroupAsync(request, Long(cancellationToken)), cancellationToken);
    }

    /// <summary>The enrolled faces, and persons, nearest to an enrolled face or person.</summary>
    /// <exception cref="FaceCloudException">FACE_NOT_FOUND, PERSON_NOT_FOUND, PERSON_HAS_NO_FACE, INVALID_ARGUMENT, UNREACHABLE, ….</exception>
    public Task<FindSimilarResponse> FindSimilarAsync(FindSimilarRequest request, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(Grouping.FindSimilarAsync(request, Photo(cancellationToken)), cancellationToken);
}
