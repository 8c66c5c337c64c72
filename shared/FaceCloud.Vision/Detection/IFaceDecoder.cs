using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Detection;

/// <summary>Reads the faces out of a detector's outputs.</summary>
internal interface IFaceDecoder
{
    /// <summary>The outputs to ask for.</summary>
    IReadOnlyCollection<string> OutputNames(InferenceSession session);

    /// <summary>Faces with at least the threshold as their score, in pixels of the detector's input; one face may be there several times.</summary>
    /// <param name="outputs">In the order of <see cref="OutputNames"/>.</param>
    /// <param name="geometry">Of the input.</param>
    /// <param name="threshold">Lowest score.</param>
    /// <param name="faces">They are added to it.</param>
    void Decode(IReadOnlyList<OrtValue> outputs, in DetectorGeometry geometry, float threshold, List<DetectedFace> faces);
}
