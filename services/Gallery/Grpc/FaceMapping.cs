using FaceCloud.Contracts;
using FaceCloud.Gallery.Enrolment;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.Vision;
using Google.Protobuf.WellKnownTypes;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class FaceMapping
{
    public static EnrolmentRequest ToRequest(V1.EnrollFaceRequest request)
    {
        Ids.CheckText("name", request.Name, PersonMapping.MaxNameLength);
        return new EnrolmentRequest
        {
            Gallery = RequestChecks.Gallery(request.GalleryId),
            PersonId = RequestChecks.Person(request.PersonId),
            PersonName = request.Name,
            Photo = request.Photo.Memory,
            MaxFaces = request.HasMaxFaces
                ? request.MaxFaces >= 1 ? request.MaxFaces : throw RequestChecks.Invalid("max_faces must be 1 or more.")
                : 1,
            MinQuality = request.HasMinQuality ? RequestChecks.Share(request.MinQuality, "min_quality") : null,
        };
    }

    public static V1.EnrollFaceResponse ToProto(EnrolmentAnswer answer, float highQuality, TimeSpan total) => new()
    {
        Outcome = ToProto(answer.Outcome),
        Face = answer.Face is null ? null : ToProto(answer.Face, highQuality),
        Reasons = { answer.Reasons.Select(ToProto) },
        Detected = answer.Photo is { Faces: [var face, ..] } photo ? ToProto(face, photo, highQuality) : null,
        FacesFound = answer.Photo?.FacesFound ?? 0,
        Timings = ToProto(answer.Times, total),
    };

    public static V1.Face ToProto(FaceRow row, float highQuality) => new()
    {
        FaceId = row.FaceId.ToString(),
        GalleryId = row.GalleryId,
        PersonId = row.PersonId,
        EmbeddingContract = row.EmbeddingContract,
        Quality = ToProto(
            new FaceQuality
            {
                Score = row.QualityScore,
                Sharpness = row.Sharpness,
                Brightness = row.Brightness,
                Yaw = row.Yaw,
                Pitch = row.Pitch,
                Roll = row.Roll,
                Reasons = [],
            },
            highQuality),
        Box = new V1.Box { X = row.BoxX, Y = row.BoxY, Width = row.BoxWidth, Height = row.BoxHeight },
        CreatedAt = row.CreatedAt.ToTimestamp(),
    };

    /// <summary>Unset for an embedding.</summary>
    public static V1.DetectedFace? ToProto(ProbeFace? face, ProbeReading reading, float highQuality) =>
        face?.Detected is { } detected && reading.Photo is { } photo ? ToProto(detected, photo, highQuality) : null;

    public static V1.DetectedFace ToProto(AnalyzedFace face, PhotoAnalysis photo, float highQuality) => new()
    {
        Box = new V1.Box
        {
            X = face.Box.X,
            Y = face.Box.Y,
            Width = face.Box.Width,
            Height = face.Box.Height,
            Ratio = new V1.RatioBox
            {
                X = face.Box.X / photo.Width,
                Y = face.Box.Y / photo.Height,
                Width = face.Box.Width / photo.Width,
                Height = face.Box.Height / photo.Height,
            },
        },
        Landmarks = new V1.Landmarks
        {
            LeftEye = ToProto(face.Landmarks.LeftEye),
            RightEye = ToProto(face.Landmarks.RightEye),
            Nose = ToProto(face.Landmarks.Nose),
            LeftMouth = ToProto(face.Landmarks.LeftMouth),
            RightMouth = ToProto(face.Landmarks.RightMouth),
        },
        Confidence = face.Confidence,
        Quality = ToProto(face.Quality, highQuality),
    };

    public static V1.QualityReason ToProto(QualityReason reason) => (V1.QualityReason)reason;

    public static V1.EnrolOutcome ToProto(EnrolOutcome outcome) => (V1.EnrolOutcome)outcome;

    public static V1.Timings ToProto(StageTimes times, TimeSpan total) => new()
    {
        DecodeMs = times.Decoding.TotalMilliseconds,
        DetectMs = times.Detecting.TotalMilliseconds,
        AlignMs = times.Aligning.TotalMilliseconds,
        QueueMs = times.Queued.TotalMilliseconds,
        EncodeMs = times.Encoding.TotalMilliseconds,
        SearchMs = times.Searching.TotalMilliseconds,
        TotalMs = total.TotalMilliseconds,
    };

    private static V1.Quality ToProto(FaceQuality quality, float highQuality) => new()
    {
        Score = quality.Score,
        Sharpness = quality.Sharpness,
        Brightness = quality.Brightness,
        Pose = new V1.Pose { Yaw = quality.Yaw, Pitch = quality.Pitch, Roll = quality.Roll },
        ForRecognition = quality.Reasons.Count > 0
            ? V1.RecognitionQuality.Low
            : quality.Score >= highQuality ? V1.RecognitionQuality.High : V1.RecognitionQuality.Medium,
        Reasons = { quality.Reasons.Select(ToProto) },
    };

    private static V1.Point ToProto(System.Numerics.Vector2 point) => new() { X = point.X, Y = point.Y };
}
