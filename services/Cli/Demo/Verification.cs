using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Demo;

/// <summary>A photo, who it is claimed to show, and what FaceCloud says to that.</summary>
internal sealed record Verification(SamplePhoto Photo, string Claimed, VerifyResponse Answer)
{
    public bool IsGenuine => Photo.Person == Claimed;
}
