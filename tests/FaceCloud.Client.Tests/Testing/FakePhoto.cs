using System.Text;
using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>
/// A photo as the fake server sees it: the names of the persons in it, separated by spaces. Special words:
/// <c>blurry</c> a face too poor, <c>empty</c> no face, <c>twins</c> two persons too alike, <c>damaged</c> not decodable.
/// </summary>
internal static class FakePhoto
{
    public const string Blurry = "blurry";
    public const string Empty = "empty";
    public const string Twins = "twins";
    public const string Damaged = "damaged";

    public static byte[] Of(params string[] faces) => Encoding.UTF8.GetBytes(string.Join(' ', faces));

    /// <exception cref="FailureException">PHOTO_DAMAGED, PHOTO_EMPTY.</exception>
    public static string[] Faces(ByteString photo)
    {
        if (photo.IsEmpty)
        {
            throw new FailureException(FailureReason.PhotoEmpty, "The photo has no bytes; send one.");
        }

        var faces = photo.ToStringUtf8().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return faces.Contains(Damaged)
            ? throw new FailureException(FailureReason.PhotoDamaged, "The photo is cut off; send it again.")
            : [.. faces.Where(face => face != Empty)];
    }

    public static DetectedFace Detected(string face) => new()
    {
        Box = new Box { X = 10, Y = 20, Width = 100, Height = 120 },
        Confidence = 0.93f,
        Quality = face == Blurry
            ? new Quality { Score = 0.1f, Sharpness = 0.1f, Brightness = 0.5f, Pose = new Pose(), ForRecognition = RecognitionQuality.Low, Reasons = { QualityReason.LowSharpness } }
            : new Quality { Score = 0.8f, Sharpness = 0.9f, Brightness = 0.5f, Pose = new Pose { Yaw = 3 }, ForRecognition = RecognitionQuality.High },
    };
}
