using System.Numerics.Tensors;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>
/// Looks at samples as the services will: with each detector, the alignment, and each encoder. A way of looking is a detector and an encoder;
/// way i is detector i / encoders and encoder i mod encoders.
/// </summary>
public sealed class SampleJudge(IReadOnlyList<FaceFinder> detectors, IReadOnlyList<SampleEncoder> encoders)
{
    /// <summary>All faces of a picture, from left to right; none where the detectors do not agree on their number.</summary>
    public IReadOnlyList<JudgedFace> Faces(byte[] photo)
    {
        var found = detectors.Select(detector => detector.FindAll(photo).OrderBy(face => face.CentreX).ToArray()).ToArray();
        if (found.Any(faces => faces.Length != found[0].Length))
        {
            return [];
        }

        return [.. Enumerable.Range(0, found[0].Length).Select(i => new JudgedFace(
            found[0][i].CentreX,
            found.All(faces => faces[i].Passes),
            detectors.Count * encoders.Count,
            way => encoders[way % encoders.Count].EncodeCrop(found[way / encoders.Count][i].Crop)))];
    }

    /// <summary>The highest similarity that two faces have, whichever way one looks.</summary>
    public static float Highest(JudgedFace a, JudgedFace b) => Similarities(a, b).Max();

    /// <summary>The lowest similarity that two faces have, whichever way one looks.</summary>
    public static float Lowest(JudgedFace a, JudgedFace b) => Similarities(a, b).Min();

    private static IEnumerable<float> Similarities(JudgedFace a, JudgedFace b) =>
        Enumerable.Range(0, a.Ways).Select(i => TensorPrimitives.Dot<float>(a.Embedding(i), b.Embedding(i)));
}
