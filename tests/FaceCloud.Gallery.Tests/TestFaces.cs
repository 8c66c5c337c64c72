using System.Security.Cryptography;
using FaceCloud.Contracts;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests;

/// <summary>Faces without photos.</summary>
internal static class TestFaces
{
    public const string Contract = "test:0123456789ab";
    public const int Dimension = 8;

    public static string Sha(string photo) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(photo)));

    /// <summary>Unit length, all values but one zero.</summary>
    public static float[] Axis(int axis, int dimension = Dimension)
    {
        var values = new float[dimension];
        values[axis] = 1;
        return values;
    }

    public static FaceQuality Quality => new()
    {
        Score = 0.75f,
        Sharpness = 0.8f,
        Brightness = 0.5f,
        Yaw = 3,
        Pitch = -4,
        Roll = 5,
        Reasons = [],
    };

    public static NewFace New(
        Acceptance acceptance, string person = "ada", string photo = "one", Guid? item = null, string contract = Contract, float[]? embedding = null) => new()
        {
            PersonId = person,
            PersonName = "Ada",
            PhotoSha256 = Sha(photo),
            ItemId = item,
            Embedding = embedding ?? Axis(0),
            EmbeddingContract = contract,
            Box = new FaceBox(1, 2, 30, 40),
            Quality = Quality,
            Acceptance = acceptance,
        };
}
