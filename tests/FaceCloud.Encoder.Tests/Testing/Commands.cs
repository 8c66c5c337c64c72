using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;

namespace FaceCloud.Encoder.Tests.Testing;

public static class Commands
{
    public static byte[] Crop(int seed)
    {
        var crop = new byte[AlignedCrop.Bytes];
        new Random(seed).NextBytes(crop);
        return crop;
    }

    public static EncodeFace Encode(int seed) => Encode(Crop(seed));

    public static EncodeFace Encode(byte[] crop) => new()
    {
        Target = new EnrolmentTarget
        {
            TenantId = Tenants.Default,
            JobId = "job",
            ItemId = Guid.NewGuid(),
            GalleryId = "gallery",
            PersonId = "person",
            PhotoSha256 = new string('a', 64),
            AcceptedAt = DateTimeOffset.UnixEpoch,
        },
        Crop = crop,
        Box = new FaceBox(1, 2, 3, 4),
        Quality = new FaceQuality { Score = 0.9f, Sharpness = 0.8f, Brightness = 0.7f, Yaw = 1, Pitch = 2, Roll = 3, Reasons = [] },
    };
}
