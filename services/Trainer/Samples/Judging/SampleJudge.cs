using System.Numerics.Tensors;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>Looks at samples as the services will: with the detector, the alignment and the encoders.</summary>
public sealed class SampleJudge(FaceFinder finder, IReadOnlyList<SampleEncoder> encoders)
{
    /// <summary>All faces of a picture, from left to right.</summary>
    public IReadOnlyList<JudgedFace> Faces(byte[] photo) =>
        [.. finder.FindAll(photo)
            .Select(face => new JudgedFace(
                face.CentreX,
                face.Passes,
                [.. encoders.Select(encoder => encoder.EncodeCrop(face.Crop))]))
            .OrderBy(face => face.CentreX)];

    /// <summary>The highest similarity that any encoder gives two faces.</summary>
    public static float Highest(JudgedFace a, JudgedFace b) => a.Embeddings.Zip(b.Embeddings).Max(e => TensorPrimitives.Dot<float>(e.First, e.Second));

    /// <summary>The lowest similarity that any encoder gives two faces.</summary>
    public static float Lowest(JudgedFace a, JudgedFace b) => a.Embeddings.Zip(b.Embeddings).Min(e => TensorPrimitives.Dot<float>(e.First, e.Second));
}
