using FaceCloud.Trainer.Samples.Judging;

namespace FaceCloud.Trainer.Samples;

/// <summary>A finished picture.</summary>
/// <param name="Path">In the samples' folder, with slashes.</param>
/// <param name="Jpeg">Its bytes.</param>
/// <param name="Persons">Who is on it, from left to right.</param>
/// <param name="Faces">What the detector finds, from left to right.</param>
public sealed record SamplePhoto(string Path, byte[] Jpeg, IReadOnlyList<string> Persons, IReadOnlyList<JudgedFace> Faces);
