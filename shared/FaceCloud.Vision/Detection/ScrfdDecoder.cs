using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Detection;

/// <summary>SCRFD: score, bbox and kps of each stride, known by their shapes.</summary>
internal sealed class ScrfdDecoder : IFaceDecoder
{
    private const int PerStride = 3;

    public IReadOnlyCollection<string> OutputNames(InferenceSession session) => session.OutputNames;

    public void Decode(IReadOnlyList<OrtValue> outputs, in DetectorGeometry geometry, float threshold, List<DetectedFace> faces)
    {
        var shapes = outputs.Select(output => output.GetTensorTypeAndShape().Shape).ToList();
        var found = DetectorLayout.FindScrfd(shapes, geometry.PaddedWidth, geometry.PaddedHeight, out var anchors)
            ?? throw new FailureException(
                FailureReason.Internal,
                $"The detector gives [{string.Join("] [", shapes.Select(shape => string.Join(',', shape)))}] for {geometry.PaddedWidth} x {geometry.PaddedHeight} pixels, which is not SCRFD; its model file is not fit for photos of any size.");
        foreach (var (index, stride) in DetectorLayout.Strides.Index())
        {
            ScrfdAnchors.Read(
                stride,
                geometry.PaddedWidth / stride,
                anchors,
                outputs[found[index * PerStride]].GetTensorDataAsSpan<float>(),
                outputs[found[(index * PerStride) + 1]].GetTensorDataAsSpan<float>(),
                outputs[found[(index * PerStride) + 2]].GetTensorDataAsSpan<float>(),
                threshold,
                faces);
        }
    }
}
