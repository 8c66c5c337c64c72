using FaceCloud.Contracts;

namespace FaceCloud.Trainer.Detection;

/// <summary>A picture with its faces; none on one without any.</summary>
/// <param name="Name">Unique in its data.</param>
/// <param name="Shard">Tar file that holds it; null where it is a file of its own.</param>
/// <param name="Faces">What a detector should find.</param>
/// <param name="Unsure">Regions that are neither face nor background for sure.</param>
/// <param name="HeldOut">Kept from training, for scoring.</param>
public sealed record LabelledPhoto(string Name, string? Shard, IReadOnlyList<LabelledFace> Faces, IReadOnlyList<FaceBox> Unsure, bool HeldOut)
{
    /// <summary>Certainly without a face.</summary>
    public bool FaceFree => Faces.Count == 0 && Unsure.Count == 0;
}
