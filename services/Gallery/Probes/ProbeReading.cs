using FaceCloud.Vision;

namespace FaceCloud.Gallery.Probes;

/// <summary>The faces of one input, largest first; an embedding is one face without a photo.</summary>
public sealed record ProbeReading(IReadOnlyList<ProbeFace> Faces, PhotoAnalysis? Photo)
{
    public int FacesFound => Photo?.FacesFound ?? Faces.Count;
}
