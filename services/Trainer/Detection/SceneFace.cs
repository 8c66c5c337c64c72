using FaceCloud.Contracts;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Detection;

/// <summary>A face of a composed scene, in its pixels.</summary>
/// <param name="Box">May reach over the edge.</param>
/// <param name="Landmarks">Nothing where unsure.</param>
/// <param name="Unsure">Neither to be found nor to be taken for background: cut off, too small, or doubtful from the start.</param>
public readonly record struct SceneFace(FaceBox Box, FaceLandmarks Landmarks, bool Unsure);
