namespace FaceCloud.Contracts.Failures;

/// <summary>
/// Why a request or a bulk item failed. The wire form is the name in capitals with underscores
/// (<see cref="FailureReasons.ToWire"/>): it stands in gRPC's ErrorInfo, in HTTP/JSON errors and in job items.
/// </summary>
public enum FailureReason
{
    /// <summary>Something of ours broke; the log has the details.</summary>
    Internal,

    /// <summary>A field is missing or out of range; the message names it.</summary>
    InvalidArgument,

    /// <summary>An id has a length or characters that ids may not have.</summary>
    InvalidId,

    /// <summary>A page token that this server did not make.</summary>
    InvalidPageToken,

    /// <summary>A message of a version that this server does not know.</summary>
    MessageUnsupported,

    /// <summary>No photo, or no bytes in it.</summary>
    PhotoEmpty,

    /// <summary>More bytes than the limit.</summary>
    PhotoTooLarge,

    /// <summary>More pixels than the limit, read from the header.</summary>
    PhotoTooManyPixels,

    /// <summary>The content is not an image, whatever its name says.</summary>
    PhotoNotAnImage,

    /// <summary>An image of a kind that is not accepted.</summary>
    PhotoUnsupported,

    /// <summary>An image that cannot be decoded: cut off or corrupt.</summary>
    PhotoDamaged,

    /// <summary>A photo by reference that is not in the store any more.</summary>
    PhotoNotFound,

    /// <summary>An aligned crop of another size than 112 x 112 x 3.</summary>
    InvalidCrop,

    /// <summary>An embedding of another length than the model's dimension.</summary>
    EmbeddingWrongLength,

    /// <summary>An embedding that is zero, or has NaN or infinity in it.</summary>
    EmbeddingNotFinite,

    /// <summary>Embeddings of two models were about to be compared.</summary>
    ContractMismatch,

    /// <summary>A rate was to become a threshold, but the encoder in use was never calibrated.</summary>
    ModelNotCalibrated,

    /// <summary>The gallery has too few persons or faces to be calibrated on itself; the message says what is missing.</summary>
    CalibrationImpossible,

    /// <summary>A calibration of another model or another scoring than the gallery has now.</summary>
    CalibrationInvalid,

    /// <summary>No calibration of that version.</summary>
    CalibrationNotFound,

    /// <summary>No gallery of that id.</summary>
    GalleryNotFound,

    /// <summary>A gallery of that id exists.</summary>
    GalleryExists,

    /// <summary>No person of that id in the gallery.</summary>
    PersonNotFound,

    /// <summary>The person was deleted while the call ran; nothing was stored.</summary>
    PersonDeleted,

    /// <summary>The person exists but has no face to compare with.</summary>
    PersonHasNoFace,

    /// <summary>No face of that id in the gallery.</summary>
    FaceNotFound,

    /// <summary>The photo to compare with shows no fit face.</summary>
    ReferenceUnusable,

    /// <summary>A backup file that is cut off, changed, or none.</summary>
    BackupDamaged,

    /// <summary>A backup file of a later version, or with parts that this server does not know.</summary>
    BackupUnsupported,

    /// <summary>No job of that id.</summary>
    JobNotFound,

    /// <summary>A job of that id exists with other options.</summary>
    JobExists,

    /// <summary>The job takes no more photos.</summary>
    JobClosed,

    /// <summary>The job is completed or cancelled: there is nothing left to pause, resume, cancel or retry.</summary>
    JobEnded,

    /// <summary>A photo by reference of a kind, or at a place, that this server does not read from.</summary>
    ReferenceNotAllowed,

    /// <summary>A photo by reference whose place does not answer, or answers with something else.</summary>
    ReferenceUnreadable,

    /// <summary>The encoder's queue is full; try again later.</summary>
    EncoderBusy,

    /// <summary>The encoder does not answer; try again later.</summary>
    EncoderUnavailable,

    /// <summary>The store does not answer; try again later.</summary>
    StoreUnavailable,

    /// <summary>The broker does not answer; try again later.</summary>
    BrokerUnavailable,

    /// <summary>The photo store has no room; try again later.</summary>
    PhotoStoreFull,

    /// <summary>As many photos are on the way as may be; try again later.</summary>
    IntakeFull,

    /// <summary>The vector index does not answer, or not in time, or is being filled; try again later.</summary>
    IndexUnavailable,

    /// <summary>The vector index refuses this server's key; its operator must act.</summary>
    IndexRefused,

    /// <summary>The vector index holds embeddings of another shape than the model's; its operator must act.</summary>
    IndexMismatch,

    /// <summary>The index is being rebuilt, verified or moved already.</summary>
    IndexBusy,

    /// <summary>The stored embedding of a face cannot be read any more.</summary>
    FaceDamaged,
}
