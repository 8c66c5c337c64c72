using System.Numerics.Tensors;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>Looks at samples as the services will: with the detector, the alignment and the encoders.</summary>
public sealed class SampleJudge(FaceFinder finder, IReadOnlyList<SampleEncoder> encoders)
{
    /// <summary>All faces of a picture, from left to right.</summary>
    public IReadOnlyList<JudgedFace> Faces(byte[] photo) =>
        [.. finder.FindAll(photo)
            .Select(face => new JudgedFace(face.CentreX, face.Passes, encoders.Count, place => encoders[place].EncodeCrop(face.Crop)))
            .OrderBy(face => face.CentreX)];

    /// <summary>The highest similarity that any encoder gives two faces.</summary>
    public static float Highest(JudgedFace a, JudgedFace b) => Similarities(a, b).Max();

    /// <summary>The lowest similarity that any encoder gives two faces.</summary>
    public static float Lowest(JudgedFace a, JudgedFace b) => Similarities(a, b).Min();

    private static IEnumerable<float> Similarities(JudgedFace a, JudgedFace b) =>
        Enumerable.Range(0, a.Encoders).Select(i => TensorPrimitives.Dot<float>(a.Embedding(i), b.Embedding(i)));
}
